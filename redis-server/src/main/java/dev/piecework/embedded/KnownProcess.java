package dev.piecework.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A process by number and start time: the number alone may be given to another one.
 *
 * <p>Linux is read from {@code /proc}, which takes a tenth of a {@link ProcessHandle}'s time and
 * tells the dead that nobody has waited for (a container without an init has those) from the
 * living.
 *
 * @param pid its number
 * @param started when it started, comparable within one system only: clock ticks since boot on
 *     Linux, epoch milliseconds elsewhere, 0 if the system hides it or the process is gone
 */
record KnownProcess(long pid, long started) {
  private static final boolean HAS_PROC = Files.exists(Path.of("/proc/self/stat"));

  /** After the name in parentheses: state is the 1st field, start time the 20th. */
  private static final int START_FIELD = 19;

  static KnownProcess of(long pid) {
    return new KnownProcess(pid, startOf(pid));
  }

  boolean isAlive() {
    long now = startOf(pid);
    return HAS_PROC
        ? now != 0 && now == started
        : ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)
            && (now == started || now == 0 || started == 0);
  }

  /** SIGTERM, if it is still itself. */
  void terminate() {
    if (isAlive()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    }
  }

  private static long startOf(long pid) {
    if (!HAS_PROC) {
      return ProcessHandle.of(pid)
          .flatMap(process -> process.info().startInstant())
          .map(Instant::toEpochMilli)
          .orElse(0L);
    }
    try {
      String stat =
          Files.readString(
              Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      boolean dead = fields[0].equals("Z") || fields[0].equals("X");
      return dead ? 0 : Long.parseLong(fields[START_FIELD]);
    } catch (IOException e) {
      return 0; // no such process
    }
  }
}
