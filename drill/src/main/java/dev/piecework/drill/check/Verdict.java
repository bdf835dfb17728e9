package dev.piecework.drill.check;

import java.util.List;

/**
 * What the checker found.
 *
 * @param violations the broken promises; at most {@link Findings#MOST} of each kind
 * @param figures how much was looked at
 */
public record Verdict(List<Violation> violations, Figures figures) {

  /**
   * How much was looked at.
   *
   * @param operations calls in the history
   * @param unknown those of them whose outcome their client did not learn
   * @param items different items that were filled
   * @param done committed
   * @param dead given up
   * @param leases given out
   * @param lost leases that ended because their session was reclaimed
   * @param rollbacks times at which Redis was seen to have gone back in time
   */
  public record Figures(
      long operations,
      long unknown,
      long items,
      long done,
      long dead,
      long leases,
      long lost,
      int rollbacks) {}

  /** Whether every promise was kept. */
  public boolean holds() {
    return violations.isEmpty();
  }
}
