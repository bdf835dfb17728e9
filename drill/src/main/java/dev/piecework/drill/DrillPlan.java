package dev.piecework.drill;

import java.time.Duration;

/**
 * What to drill.
 *
 * @param items how many, at least 1
 * @param workers how many processes, each with {@value #SLOTS} slots
 * @param time how long the items are made to last; faults are injected for half of it at most in
 *     each of the three phases
 * @param queue its lease timeout, and whether it makes backup attempts
 * @param seed of all that is chosen: which fault, when, and into what
 */
public record DrillPlan(long items, int workers, Duration time, DrillQueue queue, long seed) {

  /** How many items a worker works on at once. */
  public static final int SLOTS = 4;

  public DrillPlan {
    require(items >= 1 && items <= 10_000_000, "items", items, "1 to 10,000,000");
    require(workers >= 1 && workers <= 100, "workers", workers, "1 to 100");
    require(time.toSeconds() >= 1 && time.toHours() <= 24, "time", time, "1 s to 24 h");
    Duration timeout = queue.leaseTimeout();
    require(timeout.toMillis() >= 300, "lease-timeout", timeout, "at least 300 ms");
  }

  private static void require(boolean holds, String name, Object value, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be " + rule + ", not " + value);
    }
  }

  /** How soon a dead worker's items go to others. */
  public Duration leaseTimeout() {
    return queue.leaseTimeout();
  }

  /** How long an item takes on average, so that all of them last for the time. */
  double meanMillis() {
    return 0.8 * time.toMillis() * workers * SLOTS / items;
  }

  /** How many items a second are filled: the filling takes about a third of the time. */
  double fillPerSecond() {
    return items * 3_000.0 / time.toMillis();
  }
}
