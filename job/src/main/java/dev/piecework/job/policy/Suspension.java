package dev.piecework.job.policy;

import java.time.Instant;
import java.util.List;

/** suspend: the condition says so, and a resume begins the Job's time anew. */
final class Suspension {
  private Suspension() {}

  /** A status, and the events that made it. */
  record Change(JobState state, List<JobEvent> events) {}

  static Change note(JobRules rules, JobState state, Instant now) {
    boolean was = state.holding("Suspended").isPresent();
    if (rules.suspend() == was) {
      return new Change(state, List.of());
    }
    if (rules.suspend()) {
      return new Change(
          state.withCondition(
              new Condition("Suspended", true, "JobSuspended", "Job suspended", now)),
          List.of(JobEvent.normal(now, "Suspended", "Job suspended")));
    }
    return new Change(
        state
            .withCondition(new Condition("Suspended", false, "JobResumed", "Job resumed", now))
            .withStart(now),
        List.of(JobEvent.normal(now, "Resumed", "Job resumed")));
  }
}
