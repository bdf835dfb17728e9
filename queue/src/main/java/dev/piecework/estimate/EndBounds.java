package dev.piecework.estimate;

import java.time.Duration;

/**
 * Between which times slots come to the end, whatever the order in which they take the items.
 *
 * @param work all that is left, one after another
 * @param longest what is left of the item that takes longest
 */
public record EndBounds(Duration work, Duration longest) {

  /** No schedule ends before: the work divided by the slots, or the longest item. */
  public Duration atLeast(int slots) {
    Duration share = work.dividedBy(slots);
    return share.compareTo(longest) > 0 ? share : longest;
  }

  /** None ends later in which no slot is idle while an item waits (Graham). */
  public Duration atMost(int slots) {
    return work.dividedBy(slots).plus(longest.multipliedBy(slots - 1).dividedBy(slots));
  }

  /** More slots than these do not help: the longest item takes as long as its share of all. */
  public long mostSlots() {
    return longest.isZero()
        ? Long.MAX_VALUE
        : Math.max((work.toMillis() + longest.toMillis() - 1) / Math.max(longest.toMillis(), 1), 1);
  }
}
