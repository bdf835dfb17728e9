package dev.piecework.worker.internal.dispatch;

import dev.piecework.PieceworkException;
import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.internal.exchange.WakeUp;
import dev.piecework.worker.internal.exchange.WorkerContext;
import dev.piecework.worker.internal.slot.SlotPool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Background actor, and the loop of a worker: the only thread that asks the queue for items. It
 * keeps the slots supplied and sends what they have ended, one call at a time, until there is a
 * reason to end; then it ends the slots and gives back what they hold.
 *
 * <p>Each turn comes to one {@link DispatchDecision}, which is then carried out. What is asked, in
 * this order:
 *
 * <ol>
 *   <li>Has something failed? Then the worker stops at once.
 *   <li>Is the queue stopped early, since what is done fails? Then it ends with what runs.
 *   <li>Was it told to stop ({@link StopControl})? Then the turn is one of the {@link
 *       ShutdownSequence}: what was not begun is given back, what runs has its grace period, then
 *       the slots are interrupted.
 *   <li>Has the loop of every slot ended? Nobody is left to work.
 *   <li>Otherwise {@link DispatchTurn}: it gathers what has ended ({@link Holdings}), decides how
 *       much to lease ({@link BatchTiming}, {@link BatchSizer}) and does both in one call. When
 *       nothing could be leased {@link Waiting} decides, by the state of the queue, whether to wait
 *       or to end: drained, incomplete, never filled, the run lost, or left early.
 * </ol>
 *
 * <p>It sleeps only between turns: here for a time (Park), or in Redis until something changes
 * there (AwaitChange). All that wakes it before is in {@link WakeUp.Cause}. A wake-up says only
 * that there is something to look at; every turn looks at everything.
 */
public final class Dispatcher implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

  private final WatchedQueuePort port;
  private final WorkerContext context;
  private final SlotPool pool;
  private final Holdings holdings;
  private final DispatchTurn dispatchTurn;
  private final ShutdownSequence shutdown;
  private final EndOnce ended;
  private final StopControl control;

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
    this.ended = new EndOnce(context.listeners());
    this.control = new StopControl(port, context, pool, ended);
    context.wakeUp().wakesRedisCallBy(port::wake);
  }

  /** How to tell it to stop. */
  public StopControl control() {
    return control;
  }

  /** How the worker ended, when it has. */
  public CompletableFuture<WorkerEnd> ended() {
    return ended.future();
  }

  @Override
  public void run() {
    control.isDispatcher();
    WorkerEnd end = work();
    try {
      shutDown(end);
    } catch (Throwable thrown) {
      log.warn("could not give back everything that was leased: {}", thrown.toString());
    } finally {
      log.debug("worker ended: {}", end);
      ended.end(afterwards(end));
    }
  }

  private WorkerEnd work() {
    try {
      while (true) {
        WakeUp.@Nullable Cause cause = context.wakeUp().reset();
        DispatchDecision decision = decide();
        log.trace("woken by {}: {}", cause, decision);
        switch (decision) {
          case DispatchDecision.Again again -> {}
          case DispatchDecision.Park park -> context.wakeUp().park(park.nanos());
          case DispatchDecision.AwaitChange await -> awaitChange(await.atMost());
          case DispatchDecision.End last -> {
            return last.end();
          }
        }
      }
    } catch (PieceworkException exception) {
      StopOrder stop = control.order();
      return stop != null && !stop.patient() ? shutdown.end() : WorkerEnd.of(exception);
    } catch (Throwable thrown) {
      return new WorkerEnd.Failed(thrown);
    }
  }

  private DispatchDecision decide() {
    if (pool.failure() != null && control.order() == null) {
      control.stop(Duration.ZERO);
    }
    if (dispatchTurn.stoppedEarly() != null) {
      control.stopWhenIdle(); // unless it was told to stop before
    }
    StopOrder stop = control.order();
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
      control.giveUpOnRedis();
    }
    if (control.isRedisGivenUp()) {
      Thread.currentThread().interrupt(); // once more: to wait for the slots has cleared it
    }
    port.close();
  }

  private void endSlots() {
    try {
      if (holdings.held() == 0) {
        pool.join(Duration.ofNanos(StopOrder.GRACE));
      }
      // Nobody needs what is still running: it belongs to others, or cannot be handed in.
      pool.cut();
      pool.join(Duration.ofNanos(StopOrder.HASTE));
    } catch (InterruptedException noTimeLeft) {
      pool.cut();
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
}
