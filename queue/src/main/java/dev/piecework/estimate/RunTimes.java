package dev.piecework.estimate;

import dev.piecework.journal.ItemTimes;
import java.time.Duration;
import java.util.List;

/**
 * What is known of how long the items of a run take.
 *
 * @param done of those that are done
 * @param doneTogether the sum of these, more exact than the buckets are
 * @param running of those that are not: each takes at least its age
 * @param failed how many attempts failed
 * @param failedTogether how long these took
 */
public record RunTimes(
    ItemTimes done,
    Duration doneTogether,
    List<RunningAges> running,
    long failed,
    Duration failedTogether) {
  public RunTimes {
    running = List.copyOf(running);
  }

  /** The part of all attempts that failed. */
  double failing() {
    return failed == 0 ? 0 : (double) failed / (failed + done.count());
  }

  /** How many attempts are under way. */
  long underWay() {
    return running.stream().mapToLong(of -> of.ages().count()).sum();
  }
}
