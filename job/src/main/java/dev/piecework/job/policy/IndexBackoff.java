package dev.piecework.job.policy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** backoffLimitPerIndex and maxFailedIndexes: each index has failures and waiting of its own. */
final class IndexBackoff {
  private IndexBackoff() {}

  /** The indexes that are given up, with those of these failed pods. */
  static Indexes failed(JobRules rules, Indexes before, List<Pod> failed) {
    Integer limit = rules.backoffLimitPerIndex();
    if (limit == null) {
      return before;
    }
    Indexes all = before;
    for (Pod pod : failed) {
      boolean usedUp = FailurePolicy.counts(rules, pod) && pod.indexFailures().counted() >= limit;
      if (usedUp || FailurePolicy.failsIndex(rules, pod)) {
        all = all.with(pod.index());
      }
    }
    return all;
  }

  /** Why the Job fails for its failed indexes, if it does: reason and message. */
  static Optional<Verdict> verdict(JobRules rules, Indexes failed, Indexes succeeded) {
    Integer most = rules.maxFailedIndexes();
    Integer completions = rules.completions();
    if (most != null && failed.size() > most) {
      return Optional.of(
          new Verdict(
              "MaxFailedIndexesExceeded",
              "Job has exceeded the specified maximal number of failed indexes"));
    }
    if (failed.size() > 0
        && completions != null
        && failed.size() + succeeded.size() >= completions) {
      return Optional.of(new Verdict("FailedIndexes", "Job has failed indexes"));
    }
    return Optional.empty();
  }

  record Verdict(String reason, String message) {}

  /** What the next pod of an index starts with. */
  static Pod.IndexFailures next(JobRules rules, int index, List<Pod> pods) {
    Pod last = lastFailed(rules, index, pods);
    if (rules.backoffLimitPerIndex() == null || last == null) {
      return Pod.IndexFailures.NONE;
    }
    Pod.IndexFailures before = last.indexFailures();
    return FailurePolicy.counts(rules, last)
        ? new Pod.IndexFailures(before.counted() + 1, before.ignored())
        : new Pod.IndexFailures(before.counted(), before.ignored() + 1);
  }

  /**
   * Which of these indexes may begin now.
   *
   * @param wake when the first of them may, if none may now
   */
  record Ready(List<Integer> now, @Nullable Instant wake) {}

  static Ready ready(JobRules rules, List<Integer> indexes, List<Pod> pods, Instant now) {
    if (rules.backoffLimitPerIndex() == null) {
      return new Ready(indexes, null);
    }
    List<Integer> ready = new ArrayList<>();
    Instant wake = null;
    for (int index : indexes) {
      Pod last = lastFailed(rules, index, pods);
      Instant until =
          last == null ? now : PodBackoff.until(last.indexFailures().total() + 1, last.end());
      if (!until.isAfter(now)) {
        ready.add(index);
      } else if (wake == null || until.isBefore(wake)) {
        wake = until;
      }
    }
    return new Ready(ready, wake);
  }

  private static @Nullable Pod lastFailed(JobRules rules, int index, List<Pod> pods) {
    return pods.stream()
        .filter(p -> p.index() == index && PodReplacement.isFailed(rules, p))
        .max(Comparator.comparing(Pod::end))
        .orElse(null);
  }
}
