package dev.piecework.worker.internal.dispatch;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * By when the worker is to have ended.
 *
 * @param awayAt from when on a Redis that is away is not waited for, so that there is time to leave
 * @param cutAt when the slots are interrupted, by the ticker
 * @param endAt when those that have not heeded that are left behind
 * @param patient whether it is no hurry at all: what runs is waited for
 */
record StopOrder(long awayAt, long cutAt, long endAt, boolean patient) {

  /** More than a command has between SIGTERM and SIGKILL. */
  static final long GRACE = TimeUnit.SECONDS.toNanos(6);

  static final long HASTE = TimeUnit.MILLISECONDS.toNanos(500);

  private static final long AS_GOOD_AS_NEVER = TimeUnit.DAYS.toNanos(10_000);

  /** What runs may take so long. */
  static StopOrder within(Duration grace, long now) {
    long nanos =
        grace.compareTo(Duration.ofNanos(AS_GOOD_AS_NEVER)) < 0
            ? grace.toNanos()
            : AS_GOOD_AS_NEVER;
    long cutAt = now + nanos;
    return new StopOrder(cutAt - Math.min(nanos / 4, 2 * HASTE), cutAt, cutAt + GRACE, false);
  }

  /** No time is left. */
  static StopOrder atOnce(long now) {
    return new StopOrder(now, now, now + HASTE, false);
  }

  /** What runs may take as long as it likes. */
  static StopOrder whenIdle(long now) {
    long never = now + AS_GOOD_AS_NEVER;
    return new StopOrder(never, never, never, true);
  }
}
