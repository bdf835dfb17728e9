package dev.piecework.worker.internal.dispatch;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Background actor: keeps a stop to its time although the dispatcher waits for a Redis that is
 * away. Interrupts the slots, then the dispatcher, and lets go of one that hangs in a call.
 */
final class StopDeadline implements Runnable {

  /** A call that takes so long has met a Redis that is away. */
  private static final long AWAY = TimeUnit.SECONDS.toNanos(1);

  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(50);

  /** The dispatcher, as this actor sees it. */
  interface Stopping {
    /** By when; null if it is not to stop. */
    @Nullable StopOrder order();

    boolean isOver();

    /** Since when it waits for an answer of Redis, by the ticker; 0 if it does not. */
    long callSince();

    void cut();

    void giveUpOnRedis();

    void letGo();
  }

  private final Stopping dispatcher;
  private final LongSupplier clock;

  StopDeadline(Stopping dispatcher, LongSupplier clock) {
    this.dispatcher = dispatcher;
    this.clock = clock;
  }

  void start() {
    Thread.ofPlatform().daemon().name("piecework-stop").start(this);
  }

  @Override
  public void run() {
    long gaveUp = 0;
    while (!dispatcher.isOver()) {
      long now = clock.getAsLong();
      StopOrder order = dispatcher.order();
      long since = dispatcher.callSince();
      if (order != null && !order.patient()) {
        if (now - order.cutAt() >= 0) {
          dispatcher.cut();
        }
        boolean away = now - order.awayAt() >= 0 && since != 0 && now - since >= AWAY;
        if (gaveUp == 0 && (away || now - order.endAt() >= StopOrder.HASTE)) {
          gaveUp = now;
          dispatcher.cut();
          dispatcher.giveUpOnRedis();
        }
        if (gaveUp != 0 && now - gaveUp >= 2 * StopOrder.HASTE) {
          dispatcher.letGo();
        }
      }
      LockSupport.parkNanos(this, LOOK);
    }
  }
}
