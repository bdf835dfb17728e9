package dev.piecework.job.policy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which pods end first when there are too many: those with the least to lose. */
final class Removal {
  private static final Comparator<Pod> LEAST_TO_LOSE =
      Comparator.comparing(Pod::phase)
          .thenComparing(p -> p.readySince() != null)
          .thenComparing(Removal::readySince, Comparator.reverseOrder())
          .thenComparing(Pod::restarts, Comparator.reverseOrder())
          .thenComparing(Pod::created, Comparator.reverseOrder());

  private Removal() {}

  /** At least so many of the active ones; in an indexed Job every second pod of an index too. */
  static List<Pod> choose(JobRules rules, List<Pod> active, int atLeast) {
    // Of two that are as old as each other, the later one.
    List<Pod> left = new ArrayList<>(active.reversed());
    left.sort(LEAST_TO_LOSE);
    List<Pod> chosen = new ArrayList<>();
    if (rules.indexed()) {
      Set<Integer> seen = new HashSet<>();
      for (Pod pod : left.reversed()) {
        if (!seen.add(pod.index())) {
          chosen.add(pod);
        }
      }
      left.removeAll(chosen);
    }
    for (Pod pod : left) {
      if (chosen.size() >= atLeast) {
        break;
      }
      chosen.add(pod);
    }
    return chosen;
  }

  private static Instant readySince(Pod pod) {
    return pod.readySince() == null ? Instant.MAX : pod.readySince();
  }
}
