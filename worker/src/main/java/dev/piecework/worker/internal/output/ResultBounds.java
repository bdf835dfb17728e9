package dev.piecework.worker.internal.output;

import dev.piecework.worker.process.ResultLimits;

/** What follows from {@link ResultLimits}: what is held in memory, and what may be printed. */
public final class ResultBounds {

  /** What a command may print at least, however small its results are. */
  private static final long LEAST_ENDLESS = 4L << 20;

  private ResultBounds() {}

  /** For what belongs to several items: it is split in memory. */
  public static ResultLimits forSeveral(ResultLimits limits) {
    return limits.folder() == null ? limits : ResultLimits.inMemory(limits.stored());
  }

  /** What is held in memory; what is longer goes to a file. */
  public static int held(ResultLimits limits) {
    return limits.folder() == null
        ? limits.stored()
        : Math.min(limits.stored(), ResultLimits.IN_MEMORY);
  }

  /** What a command may print before it is ended: far more than a result, yet bounded. */
  public static long endless(ResultLimits limits) {
    long most = limits.most();
    return Math.max(most > Long.MAX_VALUE / 4 ? Long.MAX_VALUE : 4 * most, LEAST_ENDLESS);
  }
}
