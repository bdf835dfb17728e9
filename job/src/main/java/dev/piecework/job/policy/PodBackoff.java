package dev.piecework.job.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long a new pod waits after failures: 10 s, 20 s, ... up to 6 min after the last one, and not
 * at all after a success.
 *
 * <p>Failures that a podFailurePolicy ignores make the next pod wait as any other.
 *
 * @param failures since the last success
 * @param last when the last of them ended
 */
public record PodBackoff(int failures, @Nullable Instant last) {
  static final PodBackoff NONE = new PodBackoff(0, null);

  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(6);

  /** The record after these pods have ended, none of which it has seen before. */
  PodBackoff after(List<Pod> succeeded, List<Pod> failed) {
    if (succeeded.isEmpty() && failed.isEmpty()) {
      return this;
    }
    Instant success = latest(succeeded);
    List<Pod> since = failed;
    if (success != null) {
      since = failed.stream().filter(p -> p.end().isAfter(success)).toList();
    }
    int before = success == null ? failures : 0;
    return new PodBackoff(before + since.size(), latest(since));
  }

  /** When a new pod may be begun. */
  Instant until(Instant now) {
    return last == null ? now : until(failures, last);
  }

  /** When, that many failures in a row, of which the last ended then, are over. */
  static Instant until(int failures, Instant last) {
    if (failures == 0) {
      return last;
    }
    Duration wait = FIRST;
    for (int i = 1; i < failures && wait.compareTo(LONGEST) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    return last.plus(wait.compareTo(LONGEST) < 0 ? wait : LONGEST);
  }

  private static @Nullable Instant latest(List<Pod> pods) {
    return pods.stream().map(Pod::end).max(Instant::compareTo).orElse(null);
  }
}
