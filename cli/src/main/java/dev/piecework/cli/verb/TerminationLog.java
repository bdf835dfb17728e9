package dev.piecework.cli.verb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The last sentence of a process, for {@code kubectl describe pod}: the kubelet reads it from a
 * file that it mounts into the container.
 */
public final class TerminationLog {

  private static final String FILE = "PIECEWORK_TERMINATION_LOG";

  private TerminationLog() {}

  /** Writes it where the environment names a file that can be written to; else does nothing. */
  public static void write(Map<String, String> environment, String sentence) {
    String file = environment.getOrDefault(FILE, "");
    if (file.isBlank()) {
      return;
    }
    try {
      Files.writeString(Path.of(file), sentence + "\n");
    } catch (IOException | InvalidPathException notThere) {
      // Outside a cluster there is no such file; the sentence was printed too.
      return;
    }
  }
}
