package dev.piecework.job.policy;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** activeDeadlineSeconds: counted from the start time, which a resume sets anew. */
final class ActiveDeadline {
  private ActiveDeadline() {}

  /**
   * When the Job is to fail, or null for never. Suspended time is not active; and a Job that is
   * about to be resumed has its new start still before it.
   */
  static @Nullable Instant at(JobRules rules, JobState state) {
    Long seconds = rules.activeDeadlineSeconds();
    Instant start = state.startTime();
    boolean suspended = rules.suspend() || state.holding("Suspended").isPresent();
    return seconds == null || start == null || suspended ? null : start.plusSeconds(seconds);
  }
}
