package dev.piecework.worker.process;

import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How large the result of one item may be, and what becomes of a large one.
 *
 * @param most the most bytes that it may have
 * @param stored the most bytes that may be given to the queue: what belongs to several items, or is
 *     no file of its own, has no more; 1 to 1 GiB
 * @param folder where one of more than {@link #IN_MEMORY} bytes becomes a file of its own, or null
 *     if all are held in memory
 * @param unwritable gets what is wrong, for people, when such a file cannot be written; the item is
 *     given back after that
 */
public record ResultLimits(
    long most, int stored, @Nullable ResultFolder folder, Consumer<IOException> unwritable) {

  /** What is held in memory at most where there is a folder: 1 MiB. */
  public static final int IN_MEMORY = 1 << 20;

  /** 1 MiB, in memory. */
  public static final ResultLimits DEFAULT = inMemory(IN_MEMORY);

  private static final int MOST_IN_MEMORY = 1 << 30;

  /** What people set it by, as it is in the text of an attempt whose result was over the limit. */
  public static final String IN_ERRORS = "(--result-max)";

  public ResultLimits {
    if (stored < 1 || stored > MOST_IN_MEMORY) {
      throw new IllegalArgumentException("result limit: " + stored + " is not in 1..1 GiB");
    }
    if (folder == null ? most != stored : most < stored) {
      throw new IllegalArgumentException(
          "result limit: " + most + " needs a folder, and is not below " + stored);
    }
  }

  /** All are held in memory. */
  public static ResultLimits inMemory(int most) {
    return new ResultLimits(most, most, null, cause -> {});
  }

  /**
   * Whether an item failed because its result was over the limit.
   *
   * @param error why its last attempt failed; the text is all that a queue keeps of it
   */
  public static boolean wereExceeded(@Nullable String error) {
    return error != null && error.contains(IN_ERRORS);
  }
}
