package dev.piecework.job.policy;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/** All rules of the job controller together: one look at a Job, and what is to be done about it. */
public final class JobPolicy {
  private JobPolicy() {}

  /**
   * Looks at a Job. To be called again when a pod has changed, when the rules have, and at the time
   * that the decision names; a further look in between changes nothing.
   *
   * @param pods those that live, those not yet counted, and of each index the last that failed
   */
  public static Decision decide(JobRules rules, JobState before, List<Pod> pods, Instant now) {
    return before.isFinished()
        ? new Decision(before, List.of(), Set.of(), null)
        : new JobReconciliation(rules, before, pods, now).decide();
  }
}
