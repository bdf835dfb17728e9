package dev.piecework.job.policy;

/** podReplacementPolicy: when a pod that was told to end counts as failed, and is replaced. */
final class PodReplacement {
  private PodReplacement() {}

  /** By default at once, so that the new one overlaps the old; with {@code Failed} when it has. */
  static boolean isFailed(JobRules rules, Pod pod) {
    return pod.phase() == Pod.Phase.FAILED || (pod.isTerminating() && !rules.onlyReplaceFailed());
  }

  /** How many that are still ending take the place of a new one. */
  static int inPlace(JobRules rules, int terminating) {
    return rules.onlyReplaceFailed() ? terminating : 0;
  }
}
