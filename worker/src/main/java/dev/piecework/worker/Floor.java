package dev.piecework.worker;

import dev.piecework.Ending;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger log = LoggerFactory.getLogger(Floor.class);

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

  /** Tells who listens, and lets no fault of theirs get at the slot. */
  void tell(Attempt attempt, Outcome outcome, long nanos) {
    if (items == null) {
      return;
    }
    try {
      items.ended(attempt, outcome, Duration.ofNanos(nanos));
    } catch (OutOfMemoryError outOfMemory) {
      throw outOfMemory;
    } catch (Throwable theirs) {
      // By name: to print all of it may fail too.
      log.warn("the listener failed at item {}: {}", attempt.id(), Outcomes.name(theirs));
    }
  }
}
