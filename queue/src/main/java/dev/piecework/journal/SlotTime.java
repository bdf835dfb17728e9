package dev.piecework.journal;

import java.time.Duration;

/**
 * What the slots of a run did with their time, summed over all of them.
 *
 * @param useful attempts that ended as done
 * @param retried attempts that failed
 * @param lost attempts whose leases or workers were lost, and those under way
 * @param idle without an attempt
 */
public record SlotTime(Duration useful, Duration retried, Duration lost, Duration idle) {
  /** All of it. */
  public Duration total() {
    return useful.plus(retried).plus(lost).plus(idle);
  }
}
