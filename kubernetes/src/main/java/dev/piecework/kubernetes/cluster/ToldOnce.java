package dev.piecework.kubernetes.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which troubles are to be told now: each once, and what passes by itself when it does not. */
final class ToldOnce {

  /** How long what passes by itself as a rule may last before it is told. */
  private static final Duration PASSING = Duration.ofSeconds(10);

  private final Set<String> told = new HashSet<>();
  private final Map<String, Long> seen = new HashMap<>();

  /**
   * Whether to tell it, which then counts as done.
   *
   * @param nanos now, as {@link System#nanoTime}
   */
  boolean isDue(Trouble trouble, long nanos) {
    long since = seen.computeIfAbsent(trouble.key(), _ -> nanos);
    return (!trouble.mayPass() || nanos - since >= PASSING.toNanos()) && told.add(trouble.key());
  }
}
