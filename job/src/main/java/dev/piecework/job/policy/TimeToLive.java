package dev.piecework.job.policy;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/** ttlSecondsAfterFinished: when a finished Job goes, and all of its pods with it. */
public final class TimeToLive {
  private TimeToLive() {}

  /** When it goes; empty when it stays, or is not finished. */
  public static Optional<Instant> end(JobRules rules, JobState state) {
    Integer seconds = rules.ttlSecondsAfterFinished();
    if (seconds == null) {
      return Optional.empty();
    }
    return state.conditions().stream()
        .filter(c -> c.status() && (c.type().equals("Complete") || c.type().equals("Failed")))
        .map(Condition::transition)
        .min(Comparator.naturalOrder())
        .map(finished -> finished.plusSeconds(seconds));
  }
}
