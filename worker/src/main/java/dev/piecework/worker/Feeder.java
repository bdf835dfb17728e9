package dev.piecework.worker;

import dev.piecework.PieceworkException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Background actor: keeps the slots supplied and sends what they have ended, one call at a time,
 * until there is a reason to go home; then sees everybody off.
 */
final class Feeder implements Runnable, StopDeadline.Stopping {

  private static final Logger log = LoggerFactory.getLogger(Feeder.class);

  private final WatchedDesk desk;
  private final Floor floor;
  private final Crew crew;
  private final Holdings holdings;
  private final Feeding feeding;
  private final Homecoming homecoming;
  private final AtomicReference<@Nullable StopOrder> order = new AtomicReference<>();
  private final AtomicBoolean hasDeadline = new AtomicBoolean();
  private volatile @Nullable Thread thread;
  private volatile boolean redisGivenUp;
  private final CompletableFuture<WorkerEnd> ended = new CompletableFuture<>();

  /**
   * @param desk the same that the others use
   */
  Feeder(WatchedDesk desk, Floor floor, Crew crew, Holdings holdings, Feeding feeding) {
    this.desk = desk;
    this.floor = floor;
    this.crew = crew;
    this.holdings = holdings;
    this.feeding = feeding;
    this.homecoming = new Homecoming(desk, floor, crew, holdings);
    floor.bell().wakesBy(desk::wake);
  }

  /** Stop leasing; interrupt the slots after this time, or at once when told before. */
  void stop(Duration grace) {
    long now = floor.ticker().now();
    StopOrder first = StopOrder.within(grace, now);
    StopOrder again = StopOrder.atOnce(now);
    StopOrder given =
        order.getAndUpdate(before -> before == null || before.patient() ? first : again);
    if (given != null && !given.patient()) {
      crew.cut();
      giveUpOnRedis();
    }
    if (hasDeadline.compareAndSet(false, true)) {
      new StopDeadline(this, floor.ticker()::now).start();
    }
    floor.bell().ring();
  }

  /** Stop leasing, and end when what runs has ended. */
  void stopWhenIdle() {
    order.compareAndSet(null, StopOrder.whenIdle(floor.ticker().now()));
    floor.bell().ring();
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
    return desk.callSince();
  }

  @Override
  public void cut() {
    if (!crew.isCut()) {
      crew.cut();
      floor.bell().ring();
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
    @Nullable WorkerEnd failed = crew.endByFailure();
    ended.complete(failed != null ? failed : new WorkerEnd.Stopped(0, desk.holds()));
  }

  CompletableFuture<WorkerEnd> ended() {
    return ended;
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    WorkerEnd end = work();
    try {
      seeOff(end);
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
    long kept = desk.holds();
    return new WorkerEnd.Stopped(Math.max(0, stopped.givenBack() - kept), kept);
  }

  private WorkerEnd work() {
    try {
      while (true) {
        floor.bell().quieten();
        if (turn() instanceof Next.End last) {
          return last.end();
        }
      }
    } catch (PieceworkException exception) {
      StopOrder stop = order.get();
      return stop != null && !stop.patient() ? homecoming.end() : WorkerEnd.of(exception);
    } catch (Throwable thrown) {
      return new WorkerEnd.Failed(thrown);
    }
  }

  private Next turn() {
    Next next = decide();
    switch (next) {
      case Next.Park park -> floor.bell().park(park.nanos());
      case Next.AwaitChange await -> awaitChange(await.atMost());
      case Next.Turn again -> {}
      case Next.End last -> {}
    }
    return next;
  }

  private Next decide() {
    if (crew.failure() != null && order.get() == null) {
      stop(Duration.ZERO);
    }
    StopOrder stop = order.get();
    if (stop != null) {
      return homecoming.turn(stop);
    }
    if (crew.allLeft()) {
      return new Next.End(
          new WorkerEnd.Failed(new IllegalStateException("every slot's loop has ended")));
    }
    return feeding.turn();
  }

  private void awaitChange(Duration atMost) {
    try {
      floor.bell().sleepIn(() -> desk.awaitChange(atMost));
    } catch (InterruptedException interrupted) {
      // By a stop, whose time is over; the next turn sees it.
      log.debug("interrupted while waiting for a change");
    }
  }

  /** Sends the slots home, then gives back what they still hold. */
  private void seeOff(WorkerEnd end) {
    floor.shelf().close();
    sendSlotsHome();
    floor.outbox().close();
    if (end instanceof WorkerEnd.RedisGone || end instanceof WorkerEnd.RedisRefuses) {
      // It was waited for already: now everything is tried once.
      giveUpOnRedis();
    }
    if (redisGivenUp) {
      Thread.currentThread().interrupt(); // once more: to wait for the slots has cleared it
    }
    desk.close();
  }

  private void sendSlotsHome() {
    try {
      if (holdings.held() == 0) {
        crew.join(Duration.ofNanos(StopOrder.PATIENCE));
      }
      // Nobody needs what is still running: it belongs to others, or cannot be handed in.
      crew.cut();
      crew.join(Duration.ofNanos(StopOrder.HASTE));
    } catch (InterruptedException noTimeLeft) {
      crew.cut();
    }
  }
}
