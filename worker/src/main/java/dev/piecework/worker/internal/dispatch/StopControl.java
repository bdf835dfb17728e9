package dev.piecework.worker.internal.dispatch;

import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.internal.exchange.WakeUp;
import dev.piecework.worker.internal.exchange.WorkerContext;
import dev.piecework.worker.internal.slot.SlotPool;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What the worker was told about stopping, from any thread; the {@link Dispatcher} obeys it in its
 * next turn. With the first stop that has a time a {@link StopDeadline} is started, for the
 * dispatcher may be waiting for a Redis that is away.
 */
public final class StopControl implements StopDeadline.Stopping {

  private final WatchedQueuePort port;
  private final WorkerContext context;
  private final SlotPool pool;
  private final EndOnce ended;
  private final AtomicReference<@Nullable StopOrder> order = new AtomicReference<>();
  private final AtomicBoolean hasDeadline = new AtomicBoolean();
  private volatile @Nullable Thread dispatcher;
  private volatile boolean redisGivenUp;

  StopControl(WatchedQueuePort port, WorkerContext context, SlotPool pool, EndOnce ended) {
    this.port = port;
    this.context = context;
    this.pool = pool;
    this.ended = ended;
  }

  /** Stop leasing; interrupt the slots after this time, or at once when told before. */
  public void stop(Duration grace) {
    long now = context.ticker().now();
    StopOrder first = StopOrder.within(grace, now);
    StopOrder again = StopOrder.atOnce(now);
    StopOrder given =
        order.getAndUpdate(before -> before == null || before.patient() ? first : again);
    if (given != null && !given.patient()) {
      pool.cut();
      giveUpOnRedis();
    }
    if (hasDeadline.compareAndSet(false, true)) {
      new StopDeadline(this, context.ticker()::now).start();
    }
    context.wakeUp().wake(WakeUp.Cause.STOP_ORDERED);
  }

  /** Stop leasing, and end when what runs has ended. */
  public void stopWhenIdle() {
    if (order.compareAndSet(null, StopOrder.whenIdle(context.ticker().now()))) {
      context.wakeUp().wake(WakeUp.Cause.STOP_ORDERED);
    }
  }

  /** The calling thread is the dispatcher's. */
  void isDispatcher() {
    dispatcher = Thread.currentThread();
  }

  @Override
  public @Nullable StopOrder order() {
    return order.get();
  }

  /** Whether no time is left for a Redis that is away. */
  boolean isRedisGivenUp() {
    return redisGivenUp;
  }

  @Override
  public boolean isOver() {
    return ended.isOver();
  }

  @Override
  public long callSince() {
    return port.callSince();
  }

  @Override
  public void cut() {
    if (!pool.isCut()) {
      pool.cut();
      context.wakeUp().wake(WakeUp.Cause.SLOTS_INTERRUPTED);
    }
  }

  /** A Redis that is away is waited for, but no longer than a stop leaves time. */
  @Override
  public void giveUpOnRedis() {
    redisGivenUp = true;
    Thread waiting = dispatcher;
    if (waiting != null && !ended.isFound()) {
      waiting.interrupt();
    }
  }

  /** It hangs in a call that heeds no interrupt: what becomes of that is not waited for. */
  @Override
  public void letGo() {
    @Nullable WorkerEnd failed = pool.endByFailure();
    ended.endWithoutWaiting(failed != null ? failed : new WorkerEnd.Stopped(0, port.holds()));
  }
}
