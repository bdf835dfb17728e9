package dev.piecework.worker.internal.slot;

import dev.piecework.Lease;
import org.jspecify.annotations.Nullable;

/** One of the worker's slots, as the others see it. Runs on a thread of its own. */
public interface Slot extends Runnable {

  /**
   * What a slot is on.
   *
   * @param startedNanos by the ticker
   */
  record Running(Lease lease, long startedNanos) {}

  /** What it has been on for longest, or null. */
  @Nullable Running oldest();

  /**
   * How long it has been occupied by what it is on and no other: of items that are in hand together
   * the time until the last of them ended is in the tally already.
   */
  long busyNanos(long now);

  /**
   * Stops the work on this lease, whose item a person has dropped.
   *
   * @return whether it was on it
   */
  boolean drop(Lease lease);

  SlotTally tally();
}
