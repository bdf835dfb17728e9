package dev.piecework.worker.internal.slot;

import dev.piecework.worker.Outcome;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What one slot has done so far. Written by whoever ends the slot's attempts, one at a time; read
 * by the dispatcher and the heartbeat at leisure, so that cheap ordered writes are enough.
 */
public final class SlotTally {

  /** Powers of two of milliseconds: the last is for all that took longer than 12 days. */
  static final int BUCKETS = 32;

  private final AtomicLong busyNanos = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong released = new AtomicLong();
  private final AtomicLongArray durations = new AtomicLongArray(BUCKETS);

  /**
   * Counts an attempt.
   *
   * @param busy how long the slot was occupied by this one and no other
   * @param took how long the attempt lasted
   */
  public void count(Outcome outcome, long busy, long took) {
    add(busyNanos, busy);
    add(
        switch (outcome) {
          case Outcome.Done o -> done;
          case Outcome.Retry o -> failed;
          case Outcome.NotYet o -> failed;
          case Outcome.Bury o -> failed;
          case Outcome.Release o -> released;
        },
        1);
    int bucket = bucket(took);
    durations.lazySet(bucket, durations.getPlain(bucket) + 1);
  }

  /** Bucket b holds durations below 2^b ms that are not in a lower one. */
  static int bucket(long nanos) {
    long millis = nanos / TimeUnit.MILLISECONDS.toNanos(1);
    return Math.min(BUCKETS - 1, Long.SIZE - Long.numberOfLeadingZeros(millis));
  }

  long busyNanos() {
    return busyNanos.get();
  }

  long done() {
    return done.get();
  }

  long failed() {
    return failed.get();
  }

  long released() {
    return released.get();
  }

  void addDurationsTo(long[] sums) {
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      sums[bucket] += durations.get(bucket);
    }
  }

  private static void add(AtomicLong counter, long amount) {
    counter.lazySet(counter.getPlain() + amount);
  }
}
