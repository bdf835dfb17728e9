package dev.piecework.cli.verb;

import dev.piecework.QueueSettings;
import dev.piecework.StopEarly;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** One verb of the command line: its fields are its options, set before {@link #run}. */
public abstract class Verb {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  @SuppressWarnings("unused") // picocli reads it
  private boolean help;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show the stack trace of an error.")
  public boolean verbose;

  /**
   * The parser of this verb's command line, which sets its options.
   *
   * @param name the words before the options, as usage shows them
   * @param description one sentence
   */
  public CommandLine parser(String name, String description) {
    CommandLine parser = new CommandLine(this);
    parser.setCommandName(name);
    // An item may begin with @, and holds quotes because it is meant to.
    parser.setExpandAtFiles(false);
    parser.setTrimQuotes(false);
    parser.setCaseInsensitiveEnumValuesAllowed(true);
    // Theirs take 0x10 for sixteen and 010 for eight, and digits of any script.
    parser.registerConverter(int.class, Values::number);
    parser.registerConverter(Integer.class, Values::number);
    parser.registerConverter(long.class, Values::largeNumber);
    parser.registerConverter(Long.class, Values::largeNumber);
    parser.registerConverter(Duration.class, Values::duration);
    parser.registerConverter(QueueSettings.Backoff.class, Values::backoff);
    parser.registerConverter(StopEarly.class, Values::stopEarly);
    parser.registerConverter(Values.Size.class, Values.Size::parse);
    parser.registerConverter(Values.TimeLimit.class, Values.TimeLimit::parse);
    parser.getCommandSpec().usageMessage().width(100).description(description);
    return parser;
  }

  /**
   * Does it.
   *
   * @throws Exception mapped to an exit code and one line by whoever runs the verb
   */
  public abstract ExitCode run(Terminal terminal) throws Exception;
}
