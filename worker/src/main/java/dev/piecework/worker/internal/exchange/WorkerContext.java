package dev.piecework.worker.internal.exchange;

import dev.piecework.Ending;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.ItemListener;
import dev.piecework.worker.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the slots take from and give to, shared by them and the dispatcher.
 *
 * @param buffer leases to begin
 * @param outbox ends of leases
 * @param wakeUp wakes the dispatcher
 * @param ticker the clock
 * @param items who is told of every end, or null
 */
public record WorkerContext(
    PrefetchBuffer buffer,
    Outbox outbox,
    WakeUp wakeUp,
    Ticker ticker,
    @Nullable ItemListener items) {

  private static final Logger log = LoggerFactory.getLogger(WorkerContext.class);

  public static WorkerContext of(WakeUp wakeUp, Ticker ticker, @Nullable ItemListener items) {
    return new WorkerContext(
        new PrefetchBuffer(wakeUp::wake), new Outbox(wakeUp::wake), wakeUp, ticker, items);
  }

  /** Hands in the end of a lease. */
  public void end(Ending ending) {
    outbox.put(ending);
    if (wakeUp.isEager()) {
      wakeUp.wake(WakeUp.Cause.ATTEMPT_ENDED);
    }
  }

  /** Tells who listens, and lets no fault of theirs get at the slot. */
  public void tell(Attempt attempt, Outcome outcome, long nanos) {
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
