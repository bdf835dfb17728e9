package dev.piecework.cli;

import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Terminal;
import java.io.IOException;
import java.util.List;

/**
 * Goes through the verbs once, for the build: what is loaded and linked here is in the start-up
 * cache of the distribution. Its standard input has a few lines.
 */
final class Rehearsal {

  /** Each verb that bin/piecework starts with the short list of jars is here, and none other. */
  static final List<String> VERBS =
      List.of(
          "--version",
          "fill rehearsal 1 2 3",
          "status rehearsal",
          "status rehearsal -o json",
          "items rehearsal --state waiting",
          "items rehearsal --group",
          "pause rehearsal",
          "resume rehearsal",
          "set rehearsal attempts=2",
          "work rehearsal --slots 2 -- true {}",
          "wait rehearsal",
          "results rehearsal",
          "requeue rehearsal --all",
          "drop rehearsal --all",
          "adopt rehearsal",
          "redis --acl rehearsal",
          "status rehearsal",
          "status",
          "run -p 2 -- echo {}",
          "purge rehearsal --yes");

  private Rehearsal() {}

  /** With {@code kube} the verbs of that group, else the short ones. */
  public static void main(String[] args) throws IOException {
    Terminal terminal = Terminal.ofProcess();
    Main.endOnUncaught(terminal);
    ExitCode code =
        List.of(args).contains("kube")
            ? new KubeRehearsal(terminal).perform()
            : performShortVerbs(terminal);
    if (code != ExitCode.DONE) {
      System.exit(code.number());
    }
  }

  private static ExitCode performShortVerbs(Terminal terminal) {
    for (String verb : VERBS) {
      ExitCode code = Main.run(terminal, verb.split(" ", -1));
      if (code != ExitCode.DONE) {
        return code;
      }
    }
    return ExitCode.DONE;
  }
}
