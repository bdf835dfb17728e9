package dev.piecework.worker.internal.exchange;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Wakes the dispatcher, wherever it sleeps: parked here, or blocked in Redis. A wake-up while it is
 * awake is remembered, and costs a write.
 */
public final class WakeUp {

  /** Where the dispatcher sleeps; anything else than these is "awake". */
  private enum Asleep {
    HERE,
    IN_REDIS
  }

  private volatile @Nullable Thread sleeper;
  private volatile @Nullable Asleep asleep;
  private volatile boolean woken;
  private volatile boolean eager = true;
  private volatile Runnable wakeInRedis = () -> {};

  /** How to end a blocking call of the dispatcher's. */
  public void wakesRedisCallBy(Runnable wake) {
    wakeInRedis = wake;
  }

  public void wake() {
    if (woken) {
      return;
    }
    woken = true;
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

  /** Forgets earlier wake-ups: what they announced is looked at from here on. */
  public void reset() {
    woken = false;
  }

  /** Sleeps until woken, or for so long. For the dispatcher's thread. */
  public void park(long nanos) {
    sleeper = Thread.currentThread();
    asleep = Asleep.HERE;
    try {
      long end = System.nanoTime() + nanos;
      long left = nanos;
      while (!woken && left > 0 && !Thread.interrupted()) {
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
      if (!woken) {
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
