package dev.piecework.worker.internal.dispatch;

import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.internal.exchange.QueuePort;
import dev.piecework.worker.internal.exchange.WorkerContext;
import dev.piecework.worker.internal.slot.SlotPool;
import org.jspecify.annotations.Nullable;

/**
 * The dispatcher's turns once it was told to stop, or something failed: nothing is leased, what is
 * not begun goes back at once, what runs may end in its grace period, then slots are interrupted.
 */
final class ShutdownSequence {

  private static final DispatchDecision AGAIN = new DispatchDecision.Again();

  private final QueuePort port;
  private final WorkerContext context;
  private final SlotPool pool;
  private final Holdings holdings;
  private boolean begun;
  private boolean saidLeaving;
  private long givenBack;
  private boolean patient;

  ShutdownSequence(QueuePort port, WorkerContext context, SlotPool pool, Holdings holdings) {
    this.port = port;
    this.context = context;
    this.pool = pool;
    this.holdings = holdings;
  }

  DispatchDecision turn(StopOrder order) {
    patient = order.patient();
    if (!begun) {
      begun = true;
      context.wakeUp().eager(true);
      context.buffer().close();
      // The ends that woke nobody before that are found in the next turn.
      return AGAIN;
    }
    // Asked before gathering: a slot hands in what it has, then leaves.
    boolean allLeft = pool.allLeft();
    long now = context.ticker().now();
    holdings.collect(now);
    // In every turn: a call whose reply was lost may find later what it had leased.
    givenBack += holdings.giveBackUnstarted();
    if (!holdings.pending().isEmpty()) {
      holdings.call(0);
      return AGAIN;
    }
    if (!saidLeaving && holdings.held() > 0) {
      saidLeaving = true;
      port.leaving();
      return AGAIN;
    }
    if (holdings.held() == 0 || allLeft || now - order.endAt() >= 0) {
      return new DispatchDecision.End(end());
    }
    if (!pool.isCut() && now - order.cutAt() >= 0) {
      pool.cut();
      return AGAIN;
    }
    return new DispatchDecision.Park((pool.isCut() ? order.endAt() : order.cutAt()) - now);
  }

  /** What it comes to, when the turns could not be taken to their end as well. */
  WorkerEnd end() {
    @Nullable WorkerEnd failed = pool.endByFailure();
    if (failed != null) {
      return failed;
    }
    @Nullable String early = port.stoppedEarly();
    return early != null && patient
        ? new WorkerEnd.StoppedEarly(early)
        : new WorkerEnd.Stopped(givenBack + holdings.held(), 0);
  }
}
