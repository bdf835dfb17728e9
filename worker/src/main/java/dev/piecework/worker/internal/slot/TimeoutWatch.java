package dev.piecework.worker.internal.slot;

import dev.piecework.worker.internal.exchange.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Background actor: interrupts handlers that are overdue, and replaces those that heed no
 * interrupt, be it for that or because their item was dropped. Runs where a time-out is set, and
 * from the first item on that was dropped.
 */
public final class TimeoutWatch implements Runnable {

  /** As long as a command has between SIGTERM and SIGKILL. */
  static final long GRACE = TimeUnit.SECONDS.toNanos(5);

  private static final Logger log = LoggerFactory.getLogger(TimeoutWatch.class);

  private final SlotPool pool;
  private final Ticker ticker;
  private volatile boolean ended;

  public TimeoutWatch(SlotPool pool, Ticker ticker) {
    this.pool = pool;
    this.ticker = ticker;
  }

  @Override
  public void run() {
    try {
      while (!ended) {
        long now = ticker.now();
        // A lower bound, lest a deadline that lies this instant makes a busy loop.
        LockSupport.parkNanos(this, Math.max(TimeUnit.MICROSECONDS.toNanos(100), sweep(now) - now));
      }
    } catch (Throwable thrown) {
      pool.fail(thrown); // without a watch no time-out would hold
    }
  }

  /** Looks at every slot once, and says when to look again. */
  long sweep(long now) {
    long next = now + TimeUnit.HOURS.toNanos(1);
    for (Slot slot : pool.slots()) {
      if (slot instanceof HandlerSlot handlers) {
        long due = handlers.watch(now, GRACE);
        if (due == Long.MAX_VALUE) {
          log.warn("a handler did not heed its interrupt; its slot goes on with a new thread");
          pool.replace(handlers, handlers.successor());
        } else {
          next = Math.min(next, due);
        }
      }
    }
    return next;
  }

  public void end(Thread thread) {
    ended = true;
    LockSupport.unpark(thread);
  }
}
