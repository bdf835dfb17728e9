package dev.piecework.job.policy;

import java.util.List;

/** backoffLimit: how many failures end the Job. */
final class BackoffLimit {
  private BackoffLimit() {}

  /**
   * Failed pods are counted for the Job's whole life, and one more than the limit is too many. With
   * OnFailure the restarts of the pods that live now are compared with it too, and there the limit
   * itself is too many already.
   */
  static boolean isReached(JobRules rules, int failed, List<Pod> pods) {
    return failed > rules.backoffLimit() || restartsReachIt(rules, pods);
  }

  private static boolean restartsReachIt(JobRules rules, List<Pod> pods) {
    if (!rules.restartOnFailure()) {
      return false;
    }
    int restarts = pods.stream().filter(p -> !p.isOver()).mapToInt(Pod::restarts).sum();
    return restarts >= Math.max(1, rules.backoffLimit());
  }
}
