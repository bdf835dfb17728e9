package dev.piecework.worker.internal.dispatch;

import dev.piecework.PieceworkException;
import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.internal.exchange.WorkerContext;
import dev.piecework.worker.internal.slot.SlotPool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Background actor: keeps the slots supplied and sends what they have ended, one call at a time,
 * until there is a reason to end; then shuts the slots down.
 */
public final class Dispatcher implements Runnable, StopDeadline.Stopping {

  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

  private final WatchedQueuePort port;
  private final WorkerContext context;
  private final SlotPool pool;
  private final Holdings holdings;
  private final DispatchTurn dispatchTurn;
  private final ShutdownSequence shutdown;
  private final AtomicReference<@Nullable StopOrder> order = new AtomicReference<>();
  private final AtomicBoolean hasDeadline = new AtomicBoolean();
  private volatile @Nullable Thread thread;
  private volatile boolean redisGivenUp;
  private final CompletableFuture<WorkerEnd> ended = new CompletableFuture<>();

  /**
   * @param port the same that the others use
   */
  public Dispatcher(
      WatchedQueuePort port,
      WorkerContext context,
      SlotPool pool,
      Holdings holdings,
      DispatchTurn dispatchTurn) {
    this.port = port;
    this.context = context;
    this.pool = pool;
    this.holdings = holdings;
    this.dispatchTurn = dispatchTurn;
    this.shutdown = new ShutdownSequence(port, context, pool, holdings);
    context.wakeUp().wakesRedisCallBy(port::wake);
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
    context.wakeUp().wake();
  }

  /** Stop leasing, and end when what runs has ended. */
  public void stopWhenIdle() {
    order.compareAndSet(null, StopOrder.whenIdle(context.ticker().now()));
    context.wakeUp().wake();
  }

  @Override
  public @Nullable StopOrder order() {
    return order.get();
  }

  @Override
  public boolean isOver() {
    return ended.isDone();
  }

  @Override
  public long callSince() {
    return port.callSince();
  }

  @Override
  public void cut() {
    if (!pool.isCut()) {
      pool.cut();
      context.wakeUp().wake();
    }
  }

  /** A Redis that is away is waited for, but no longer than a stop leaves time. */
  @Override
  public void giveUpOnRedis() {
    redisGivenUp = true;
    Thread waiting = thread;
    if (waiting != null && !ended.isDone()) {
      waiting.interrupt();
    }
  }

  /** It hangs in a call that heeds no interrupt: what becomes of that is not waited for. */
  @Override
  public void letGo() {
    @Nullable WorkerEnd failed = pool.endByFailure();
    ended.complete(failed != null ? failed : new WorkerEnd.Stopped(0, port.holds()));
  }

  public CompletableFuture<WorkerEnd> ended() {
    return ended;
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    WorkerEnd end = work();
    try {
      shutDown(end);
    } catch (Throwable thrown) {
      log.warn("could not give back everything that was leased: {}", thrown.toString());
    } finally {
      log.debug("worker ended: {}", end);
      ended.complete(afterwards(end));
    }
  }

  /** What could not be given back after all was not. */
  private WorkerEnd afterwards(WorkerEnd end) {
    if (!(end instanceof WorkerEnd.Stopped stopped)) {
      return end;
    }
    long kept = port.holds();
    return new WorkerEnd.Stopped(Math.max(0, stopped.givenBack() - kept), kept);
  }

  private WorkerEnd work() {
    try {
      while (true) {
        context.wakeUp().reset();
        if (turn() instanceof DispatchDecision.End last) {
          return last.end();
        }
      }
    } catch (PieceworkException exception) {
      StopOrder stop = order.get();
      return stop != null && !stop.patient() ? shutdown.end() : WorkerEnd.of(exception);
    } catch (Throwable thrown) {
      return new WorkerEnd.Failed(thrown);
    }
  }

  private DispatchDecision turn() {
    DispatchDecision next = decide();
    switch (next) {
      case DispatchDecision.Park park -> context.wakeUp().park(park.nanos());
      case DispatchDecision.AwaitChange await -> awaitChange(await.atMost());
      case DispatchDecision.Again again -> {}
      case DispatchDecision.End last -> {}
    }
    return next;
  }

  private DispatchDecision decide() {
    if (pool.failure() != null && order.get() == null) {
      stop(Duration.ZERO);
    }
    StopOrder stop = order.get();
    if (stop != null) {
      return shutdown.turn(stop);
    }
    if (pool.allLeft()) {
      return new DispatchDecision.End(
          new WorkerEnd.Failed(new IllegalStateException("every slot's loop has ended")));
    }
    return dispatchTurn.turn();
  }

  private void awaitChange(Duration atMost) {
    try {
      context.wakeUp().sleepIn(() -> port.awaitChange(atMost));
    } catch (InterruptedException interrupted) {
      // By a stop, whose time is over; the next turn sees it.
      log.debug("interrupted while waiting for a change");
    }
  }

  /** Ends the slots, then gives back what they still hold. */
  private void shutDown(WorkerEnd end) {
    context.buffer().close();
    endSlots();
    context.outbox().close();
    if (end instanceof WorkerEnd.RedisGone || end instanceof WorkerEnd.RedisRefuses) {
      // It was waited for already: now everything is tried once.
      giveUpOnRedis();
    }
    if (redisGivenUp) {
      Thread.currentThread().interrupt(); // once more: to wait for the slots has cleared it
    }
    port.close();
  }

  private void endSlots() {
    try {
      if (holdings.held() == 0) {
        pool.join(Duration.ofNanos(StopOrder.PATIENCE));
      }
      // Nobody needs what is still running: it belongs to others, or cannot be handed in.
      pool.cut();
      pool.join(Duration.ofNanos(StopOrder.HASTE));
    } catch (InterruptedException noTimeLeft) {
      pool.cut();
    }
  }
}
