package dev.piecework.worker.internal.exchange;

import dev.piecework.Settlement;
import dev.piecework.worker.WorkerListener;
import java.util.List;

/**
 * What the slots take from and give to, shared by them and the dispatcher.
 *
 * @param buffer leases to begin
 * @param outbox ends of leases
 * @param wakeUp wakes the dispatcher
 * @param ticker the clock
 * @param listeners who is told what happens
 */
public record WorkerContext(
    PrefetchBuffer buffer, Outbox outbox, WakeUp wakeUp, Ticker ticker, Listeners listeners) {

  public static WorkerContext of(WakeUp wakeUp, Ticker ticker, List<WorkerListener> listeners) {
    return new WorkerContext(
        new PrefetchBuffer(wakeUp::wake),
        new Outbox(wakeUp::wake),
        wakeUp,
        ticker,
        new Listeners(listeners));
  }

  /** Hands in the end of a lease. */
  public void end(Settlement settlement) {
    outbox.put(settlement);
    if (wakeUp.isEager()) {
      wakeUp.wake(WakeUp.Cause.ATTEMPT_ENDED);
    }
  }
}
