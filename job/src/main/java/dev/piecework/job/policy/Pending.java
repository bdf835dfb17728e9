package dev.piecework.job.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Indexed Jobs: which indexes have no pod, and need one. */
final class Pending {
  private Pending() {}

  /** At most so many, the lowest first. */
  static List<Integer> first(JobRules rules, JobState state, List<Pod> pods, int most) {
    Integer completions = rules.completions();
    Set<Integer> taken = new HashSet<>();
    for (Pod pod : pods) {
      if (pod.isActive() || (pod.isTerminating() && rules.onlyReplaceFailed())) {
        taken.add(pod.index());
      }
    }
    List<Integer> first = new ArrayList<>();
    for (int index = 0;
        completions != null && index < completions && first.size() < most;
        index++) {
      if (!taken.contains(index)
          && !state.completedIndexes().contains(index)
          && !state.failedIndexes().contains(index)) {
        first.add(index);
      }
    }
    return first;
  }
}
