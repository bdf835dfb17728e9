package dev.piecework.worker.process;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hears of one command: what it prints while it runs, and its end. What it prints and what it says
 * on standard error may come from two threads, each in its order; the end comes last.
 */
public interface CommandRecord {

  /** It has printed this. Bytes that are changed afterwards, so to be copied if they are kept. */
  default void printed(byte[] bytes, int length) {}

  /** It has said this on standard error. Bytes that are changed afterwards. */
  default void complained(byte[] bytes, int length) {}

  /**
   * Where the lines of its standard error go.
   *
   * @return null for {@link CommandConfig#stderr}
   */
  default @Nullable Consumer<String> stderrLines() {
    return null;
  }

  /**
   * It has ended, and its items are not yet settled.
   *
   * @throws IOException when that cannot be kept: its items are given back then, uncounted, and
   *     others may do them again at once. Whoever throws it has seen to it that the worker stops
   */
  default void ended(End end) throws IOException {}

  /**
   * How it ended.
   *
   * @param exitCode as a shell has it: 128 + n where a signal n ended it
   * @param signal that ended it, or 0 for none or where that is not known
   * @param givenBack whether nothing is said of its items: the worker was told to stop, or they
   *     were dropped
   * @param took from its start to its end
   * @param stderr the last 4 KiB of its standard error
   */
  record End(int exitCode, int signal, boolean givenBack, Duration took, byte[] stderr) {}
}
