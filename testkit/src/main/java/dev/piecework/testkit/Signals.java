package dev.piecework.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Sends what {@link ProcessHandle} cannot: any signal, also to a whole process group. */
final class Signals {
  private Signals() {}

  static void toProcess(long pid, String signal) {
    kill(signal, Long.toString(pid));
  }

  static void toGroup(long group, String signal) {
    kill(signal, "-" + group);
  }

  private static void kill(String signal, String target) {
    try {
      // The shell's own kill: the program of that name is not everywhere. It may be gone already.
      new ProcessBuilder(
              "/bin/sh", "-c", "kill -s \"$1\" -- \"$2\" 2>/dev/null", "sh", signal, target)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
