package dev.piecework.worker.process;

import dev.piecework.worker.internal.session.DirectControl;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How many slots this process's limit of open files allows. Each needs a few for the pipes of what
 * it runs; a start needs some more, and so do Redis, results and the JVM.
 */
public final class SlotLimit {
  private static final int OTHERS = 48;
  private static final int OF_A_START = 6;
  private static final int OF_A_COMMAND = 3;
  private static final int OF_A_CHILD = 6;

  private final int each;
  private final long used;
  private final long openFiles;

  private SlotLimit(int each, long used, long openFiles) {
    this.each = each;
    this.used = used;
    this.openFiles = openFiles;
  }

  /**
   * As things are now.
   *
   * @param children whether slots have long-lived children
   */
  public static SlotLimit now(boolean children) {
    @Nullable String[] open = new File("/proc/self/fd").list();
    long used =
        (open == null ? 0 : open.length) + OTHERS + (long) OF_A_START * DirectControl.MOST_STARTS;
    return new SlotLimit(children ? OF_A_CHILD : OF_A_COMMAND, used, softLimit());
  }

  /** How many slots; 0 if not even one. */
  public int slots() {
    return Math.clamp((openFiles - used) / each, 0, Integer.MAX_VALUE);
  }

  /** The limit, as {@code ulimit -n} tells it. */
  public long openFiles() {
    return openFiles;
  }

  /** What it would have to be for so many slots. */
  public long openFilesFor(int slots) {
    return used + (long) each * slots;
  }

  private static long softLimit() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
        if (line.startsWith("Max open files")) {
          String soft = line.substring("Max open files".length()).strip().split(" +", 2)[0];
          return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Another system, which does not tell.
    }
    return Long.MAX_VALUE;
  }
}
