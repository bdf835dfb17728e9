package dev.piecework.worker;

import dev.piecework.Ending;
import org.jspecify.annotations.Nullable;

/**
 * Where the slots stand: what they take from, what they give to.
 *
 * @param shelf leases to begin
 * @param outbox ends of leases
 * @param bell the feeder's
 * @param ticker the clock
 * @param items who is told of every end, or null
 */
record Floor(Shelf shelf, Outbox outbox, Bell bell, Ticker ticker, @Nullable ItemListener items) {

  static Floor of(Bell bell, Ticker ticker, @Nullable ItemListener items) {
    return new Floor(new Shelf(bell::ring), new Outbox(bell::ring), bell, ticker, items);
  }

  /** Hands in the end of a lease. */
  void end(Ending ending) {
    outbox.put(ending);
    if (bell.isEager()) {
      bell.ring();
    }
  }
}
