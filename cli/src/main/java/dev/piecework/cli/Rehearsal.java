package dev.piecework.cli;

import java.util.List;

/**
 * Goes through the verbs once, for the build: what is loaded and linked here is in the start-up
 * cache of the distribution. Its standard input has a few lines.
 */
final class Rehearsal {

  private static final List<String> VERBS =
      List.of(
          "--version",
          "fill rehearsal 1 2 3",
          "status rehearsal",
          "status rehearsal -o json",
          "items rehearsal --state waiting",
          "work rehearsal --slots 2 -- true {}",
          "wait rehearsal",
          "results rehearsal",
          "status rehearsal",
          "status",
          "run -p 2 -- echo {}",
          "purge rehearsal --yes");

  private Rehearsal() {}

  public static void main(String[] args) {
    Terminal terminal = Terminal.ofProcess();
    for (String verb : VERBS) {
      ExitCode code = Main.run(terminal, verb.split(" ", -1));
      if (code != ExitCode.DONE) {
        System.exit(code.number());
      }
    }
  }
}
