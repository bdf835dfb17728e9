package dev.piecework.worker;

import dev.piecework.PieceworkException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Background actor: keeps the slots supplied and sends what they have ended, one call at a time,
 * until there is a reason to go home; then sees everybody off.
 */
final class Feeder implements Runnable {

  /** More than a command has between SIGTERM and SIGKILL. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(6);

  private static final long HASTE = TimeUnit.MILLISECONDS.toNanos(500);

  private static final Logger log = LoggerFactory.getLogger(Feeder.class);

  private final Desk desk;
  private final Floor floor;
  private final Crew crew;
  private final Holdings holdings;
  private final Feeding feeding;
  private final Homecoming homecoming;
  private final AtomicReference<@Nullable StopOrder> order = new AtomicReference<>();
  private volatile @Nullable Thread thread;
  private final CompletableFuture<WorkerEnd> ended = new CompletableFuture<>();

  Feeder(Desk desk, Floor floor, Crew crew, Holdings holdings, Feeding feeding) {
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
    long cutAt = now + grace.toNanos();
    StopOrder first = new StopOrder(cutAt, cutAt + PATIENCE);
    StopOrder again = new StopOrder(now, now + HASTE);
    if (again.equals(order.updateAndGet(given -> given == null ? first : again))) {
      crew.cut();
      giveUpOnRedis();
    } else {
      long latest = first.endAt() - now + HASTE;
      CompletableFuture.delayedExecutor(latest, TimeUnit.NANOSECONDS).execute(this::giveUpOnRedis);
    }
    floor.bell().ring();
  }

  /** A Redis that is away is waited for, but no longer than a stop leaves time. */
  private void giveUpOnRedis() {
    Thread waiting = thread;
    if (waiting != null && !ended.isDone()) {
      waiting.interrupt();
    }
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
      ended.complete(end);
    }
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
      return order.get() != null ? homecoming.end() : WorkerEnd.of(exception);
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
    desk.close();
  }

  private void sendSlotsHome() {
    try {
      if (holdings.held() == 0) {
        crew.join(Duration.ofNanos(PATIENCE));
      }
      // Nobody needs what is still running: it belongs to others, or cannot be handed in.
      crew.cut();
      crew.join(Duration.ofNanos(HASTE));
    } catch (InterruptedException noTimeLeft) {
      crew.cut();
    }
  }
}
