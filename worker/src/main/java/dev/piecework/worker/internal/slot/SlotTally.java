package dev.piecework.worker.internal.slot;

import dev.piecework.worker.Outcome;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one slot has done so far. Written by whoever ends the slot's attempts, one at a time; read
 * by the dispatcher and the heartbeat at leisure, so that cheap ordered writes are enough.
 */
public final class SlotTally {

  private final int slot;
  private final AtomicLong usefulNanos = new AtomicLong();
  private final AtomicLong failedNanos = new AtomicLong();
  private final AtomicLong releasedNanos = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong released = new AtomicLong();

  /**
   * @param slot its number, from 0
   */
  public SlotTally(int slot) {
    this.slot = slot;
  }

  int slot() {
    return slot;
  }

  /**
   * Counts an attempt.
   *
   * @param busy how long the slot was occupied by this one and no other
   */
  public void count(Outcome outcome, long busy) {
    switch (outcome) {
      case Outcome.Done o -> count(done, usefulNanos, busy);
      case Outcome.Retry o -> count(failed, failedNanos, busy);
      case Outcome.NotYet o -> count(failed, failedNanos, busy);
      case Outcome.Bury o -> count(failed, failedNanos, busy);
      case Outcome.Release o -> count(released, releasedNanos, busy);
    }
  }

  private static void count(AtomicLong counter, AtomicLong nanos, long busy) {
    add(counter, 1);
    add(nanos, busy);
  }

  long usefulNanos() {
    return usefulNanos.get();
  }

  long failedNanos() {
    return failedNanos.get();
  }

  long releasedNanos() {
    return releasedNanos.get();
  }

  long busyNanos() {
    return usefulNanos() + failedNanos() + releasedNanos();
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

  private static void add(AtomicLong counter, long amount) {
    counter.lazySet(counter.getPlain() + amount);
  }
}
