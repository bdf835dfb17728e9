package dev.piecework.cli;

import picocli.CommandLine.Option;

/** One verb of the command line: its fields are its options, set before {@link #run}. */
abstract class Verb {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  @SuppressWarnings("unused") // picocli reads it
  private boolean help;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show the stack trace of an error.")
  boolean verbose;

  /**
   * Does it.
   *
   * @throws Exception mapped to an exit code and one line by {@link Main}
   */
  abstract ExitCode run(Terminal terminal) throws Exception;
}
