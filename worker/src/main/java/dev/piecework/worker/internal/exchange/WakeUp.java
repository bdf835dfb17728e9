package dev.piecework.worker.internal.exchange;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Wakes the dispatcher, wherever it sleeps: parked here, or blocked in Redis. A wake-up while it is
 * awake is remembered, and costs a write.
 */
public final class WakeUp {

  /**
   * All that wakes the dispatcher, beside the end of the time that it sleeps for, a change in Redis
   * that it waits for there, and the interrupt by a stop that waits for Redis no longer.
   */
  public enum Cause {
    /** A slot found no lease in the buffer and waits for one, or its batch has room for more. */
    LEASE_WANTED,
    /** The slots have begun the next batch in the buffer, so that another can be leased. */
    BATCH_BEGUN,
    /** An attempt has ended, and its end is not to wait for others. */
    ATTEMPT_ENDED,
    /** A slot cannot hand in the end of an attempt: the outbox has no room. */
    OUTBOX_FULL,
    /** The loop of a slot has ended. */
    SLOT_ENDED,
    /** Something failed that ends the worker. */
    FAILED,
    /** The session was reaped: what was prefetched belongs to others. */
    SESSION_LOST,
    /** The worker was told to stop. */
    STOP_ORDERED,
    /** The time of a stop is over: the slots were interrupted. */
    SLOTS_INTERRUPTED
  }

  /** Where the dispatcher sleeps; anything else than these is "awake". */
  private enum Asleep {
    HERE,
    IN_REDIS
  }

  private volatile @Nullable Thread sleeper;
  private volatile @Nullable Asleep asleep;
  private volatile @Nullable Cause pending;
  private volatile boolean eager = true;
  private volatile Runnable wakeInRedis = () -> {};

  /** How to end a blocking call of the dispatcher's. */
  public void wakesRedisCallBy(Runnable wake) {
    wakeInRedis = wake;
  }

  /** Of several causes before the next turn the first is remembered. From any thread. */
  public void wake(Cause cause) {
    if (pending != null) {
      return;
    }
    pending = cause;
    Asleep where = asleep;
    if (where == Asleep.HERE) {
      LockSupport.unpark(sleeper);
    } else if (where == Asleep.IN_REDIS) {
      wakeInRedis.run();
    }
  }

  /** Whether every end of an item is to wake the dispatcher. */
  boolean isEager() {
    return eager;
  }

  /**
   * Sets that.
   *
   * @return whether it has become so just now
   */
  public boolean eager(boolean wanted) {
    boolean was = eager;
    if (was != wanted) {
      eager = wanted;
    }
    return wanted && !was;
  }

  /**
   * Forgets earlier wake-ups: what they announced is looked at from here on.
   *
   * @return the first of them, or null if there was none
   */
  public @Nullable Cause reset() {
    Cause was = pending;
    pending = null;
    return was;
  }

  /** Sleeps until woken, or for so long. For the dispatcher's thread. */
  public void park(long nanos) {
    sleeper = Thread.currentThread();
    asleep = Asleep.HERE;
    try {
      long end = System.nanoTime() + nanos;
      long left = nanos;
      while (pending == null && left > 0 && !Thread.interrupted()) {
        LockSupport.parkNanos(this, left);
        left = end - System.nanoTime();
      }
    } finally {
      asleep = null;
    }
  }

  /** Runs a call that {@link #wakesRedisCallBy} can end, unless it was woken before. */
  public void sleepIn(RedisWait call) throws InterruptedException {
    asleep = Asleep.IN_REDIS;
    try {
      if (pending == null) {
        call.await();
      }
    } finally {
      asleep = null;
    }
  }

  /** A call that blocks in Redis. */
  @FunctionalInterface
  public interface RedisWait {
    void await() throws InterruptedException;
  }
}
