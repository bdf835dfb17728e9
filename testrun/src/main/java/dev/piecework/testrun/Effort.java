package dev.piecework.testrun;

/**
 * How much of what has no end a test does: random histories, rounds, items. {@code ./check} does
 * the usual, and {@code ./check --long}, with {@code -Dpiecework.effort=N}, N times that.
 */
public final class Effort {
  private static final int TIMES = Integer.getInteger("piecework.effort", 1);

  private Effort() {}

  /** So many now, of something of which there are so many usually. */
  public static int of(int usual) {
    return Math.multiplyExact(usual, TIMES);
  }
}
