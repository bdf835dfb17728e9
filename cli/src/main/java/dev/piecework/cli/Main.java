package dev.piecework.cli;

import dev.piecework.cli.run.OrphanReaper;
import dev.piecework.cli.verb.Complaint;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Nearest;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Signals;
import dev.piecework.cli.verb.TakesCommand;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.TerminationLog;
import dev.piecework.cli.verb.Verb;
import dev.piecework.cli.verb.Version;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Starts one verb, and says in one line what went wrong with it. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    Terminal terminal = Terminal.ofProcess();
    endOnUncaught(terminal);
    // Signals decide by themselves what the exit code is.
    System.exit(Signals.codeOr(run(terminal, args).number()));
  }

  /**
   * What a thread did that died of an exception will never be done: better to be replaced than to
   * hang. The rehearsal calls this too: making the lambda anew would cost each start 20 ms.
   */
  static void endOnUncaught(Terminal terminal) {
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) ->
        Runtime.getRuntime().halt(end(terminal, thrown, "piecework", false).number()));
  }

  /** All but the exit. */
  static ExitCode run(Terminal terminal, String[] args) {
    boolean verbose = false;
    String name = "piecework";
    try {
      if (args.length == 0) {
        terminal.err().print(Usage.text());
        terminal.err().flush();
        return ExitCode.USAGE;
      }
      if (List.of("-h", "--help", "help").contains(args[0])) {
        return help(terminal, args);
      }
      if (List.of("-V", "--version").contains(args[0])) {
        terminal.print(Version.facts(terminal.environment()));
        terminal.flush();
        return ExitCode.DONE;
      }
      if (Verbs.isGroup(List.of(args))) {
        return group(terminal, args);
      }
      int words = Verbs.wordsIn(List.of(args));
      Verbs word = verb(List.of(args));
      name = "piecework " + word.word();
      Verb verb = word.make();
      CommandLine parser = word.parser(verb);
      if (!parse(terminal, parser, verb, Arrays.copyOfRange(args, words, args.length))) {
        return ExitCode.DONE;
      }
      verbose = verb.verbose;
      if (verb instanceof TakesCommand) {
        OrphanReaper.startAsInit();
      }
      ExitCode code = verb.run(terminal);
      terminal.bottomLine("");
      terminal.flush();
      return code;
    } catch (Throwable thrown) { // including OutOfMemoryError: the JVM would say 1, which is "dead"
      return end(terminal, thrown, name, verbose);
    }
  }

  /** A group of verbs, alone or asked for help: what is in it. */
  private static ExitCode group(Terminal terminal, String[] args) {
    if (args.length == 1) {
      terminal.err().print(VerbGroup.usage(args[0]));
      terminal.err().flush();
      return ExitCode.USAGE;
    }
    terminal.print(VerbGroup.usage(args[0]).stripTrailing());
    terminal.flush();
    return ExitCode.DONE;
  }

  private static ExitCode help(Terminal terminal, String[] args) {
    if (args.length == 2 && Verbs.isGroup(List.of(args[1]))) {
      terminal.print(VerbGroup.usage(args[1]).stripTrailing());
    } else if (args.length > 1) {
      Verbs word = verb(List.of(args).subList(1, args.length));
      terminal.print(usage(word.parser(word.make())));
    } else {
      terminal.print(Usage.text().stripTrailing());
    }
    terminal.flush();
    return ExitCode.DONE;
  }

  /** The verb that these arguments begin with. */
  private static Verbs verb(List<String> arguments) {
    String word = String.join(" ", arguments.subList(0, Verbs.wordsIn(arguments)));
    Optional<Verbs> verb = Verbs.named(word);
    return verb.orElseThrow(() ->
        Refusal.usage(
            (word.startsWith("-") ? "a verb comes first, not '" : "no such verb: '")
                + Printable.typed(word, 60)
                + "'"
                + Nearest.of(word, Verbs.words())
                    .map(near -> "; did you mean '" + near + "'?")
                    .orElse("; see piecework --help")));
  }

  /** False when only help was asked for. */
  private static boolean parse(Terminal terminal, CommandLine parser, Verb verb, String[] args) {
    String[] ours = args;
    if (verb instanceof TakesCommand taker) {
      int dashes = Arrays.asList(args).indexOf("--");
      // With --sh there is no command before the lists of items.
      int lists = dashes < 0 ? Arrays.asList(args).indexOf(":::") : -1;
      if (dashes >= 0 || lists >= 0) {
        ours = Arrays.copyOf(args, Math.max(dashes, lists));
        int from = lists >= 0 ? lists : dashes + 1;
        taker.command(List.of(Arrays.copyOfRange(args, from, args.length)));
      }
    }
    try {
      parser.parseArgs(ours);
    } catch (ParameterException wrong) {
      throw Refusal.usage(inOneLine(wrong, verb), wrong);
    }
    if (parser.isUsageHelpRequested()) {
      terminal.print(usage(parser));
      terminal.flush();
      return false;
    }
    return true;
  }

  private static String usage(CommandLine parser) {
    return parser.getUsageMessage(CommandLine.Help.Ansi.OFF).stripTrailing();
  }

  private static String inOneLine(ParameterException wrong, Verb verb) {
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().getFirst();
      if (!unmatched.isUnknownOption()) {
        return "'"
            + Printable.typed(first, 60)
            + "' is one argument too many"
            + (verb instanceof TakesCommand ? "; the command comes after --" : "");
      }
      String name = first.contains("=") ? first.substring(0, first.indexOf('=')) : first;
      return "unknown option '"
          + Printable.typed(name, 60)
          + "'"
          + Nearest.of(name, options(wrong.getCommandLine()))
              .map(near -> "; did you mean '" + near + "'?")
              .orElse("; see --help");
    }
    return Printable.typed(wrong.getMessage(), 300);
  }

  private static List<String> options(CommandLine parser) {
    return parser.getCommandSpec().options().stream()
        .filter(option -> !option.hidden())
        .flatMap(option -> Arrays.stream(option.names()))
        .toList();
  }

  private static ExitCode end(Terminal terminal, Throwable thrown, String name, boolean verbose) {
    ExitCode code = ExitCode.of(thrown);
    try {
      terminal.bottomLine("");
      if (code != ExitCode.NOBODY_LISTENS) {
        String line = Complaint.of(thrown, code);
        terminal.complain(name, line);
        TerminationLog.write(terminal.environment(), name + ": " + line);
      }
      if (verbose) {
        terminal.stackTrace(thrown);
      }
      terminal.flush();
    } catch (RuntimeException | Error unsayable) {
      // Nobody listens, or there is no memory to say it with: the code must do.
      return code;
    }
    return code;
  }
}
