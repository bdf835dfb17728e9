package dev.piecework.job.policy;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a crashed container waits before it is begun again in its pod: nearly not at all the
 * first time, then 10 s, 20 s, ... up to 5 min. One that ran for 10 min has begun anew.
 */
public final class RestartBackoff {
  private static final Duration NOTICE = Duration.ofSeconds(1);
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration FORGIVEN = Duration.ofMinutes(10);

  private RestartBackoff() {}

  /**
   * When it begins again.
   *
   * @param crashes how many came before this one, in a row
   */
  public static Instant until(int crashes, Instant ended) {
    if (crashes == 0) {
      return ended.plus(NOTICE);
    }
    Duration wait = FIRST;
    for (int i = 1; i < crashes && wait.compareTo(LONGEST) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    return ended.plus(wait.compareTo(LONGEST) < 0 ? wait : LONGEST);
  }

  /** Whether a life that long makes the crashes before it forgotten. */
  public static boolean forgets(Duration life) {
    return life.compareTo(FORGIVEN) >= 0;
  }
}
