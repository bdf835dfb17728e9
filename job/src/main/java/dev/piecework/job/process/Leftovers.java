package dev.piecework.job.process;

import dev.piecework.worker.process.Sessions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds and ends the processes that carry a mark in their environment, which one that made itself a
 * session of its own still does. Where there is no /proc, nobody is found.
 */
final class Leftovers {
  private Leftovers() {}

  /** SIGKILL to all of them; how many there were. */
  static int end(String mark) throws IOException {
    return end(mark, 0);
  }

  /**
   * The same of those that are younger than a process: its children have higher ids, until the ids
   * begin anew, and then all are looked at.
   */
  static int end(String mark, long older) throws IOException {
    long least = Sessions.lastPid() > older ? older : 0;
    Path proc = Path.of("/proc");
    if (!Files.isDirectory(proc)) {
      return 0;
    }
    int ended = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : all) {
        long pid = Long.parseLong(process.getFileName().toString());
        if (pid > least && carries(process, mark)) {
          ended += ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly).orElse(false) ? 1 : 0;
        }
      }
    }
    return ended;
  }

  private static boolean carries(Path process, String mark) {
    try {
      String environment =
          Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
      return ("\0" + environment + "\0").contains("\0" + mark + "\0");
    } catch (IOException notOursOrGone) {
      return false;
    }
  }
}
