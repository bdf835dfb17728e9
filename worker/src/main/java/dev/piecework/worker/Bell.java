package dev.piecework.worker;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Wakes the feeder, wherever it sleeps: parked here, or blocked in Redis. A ring while it is awake
 * is remembered, and costs a write.
 */
final class Bell {

  /** Where the feeder is; anything else than these is "awake". */
  private enum Asleep {
    HERE,
    IN_REDIS
  }

  private volatile @Nullable Thread sleeper;
  private volatile @Nullable Asleep asleep;
  private volatile boolean rung;
  private volatile boolean eager = true;
  private volatile Runnable wakeInRedis = () -> {};

  /** How to end a blocking call of the feeder's. */
  void wakesBy(Runnable wake) {
    wakeInRedis = wake;
  }

  void ring() {
    if (rung) {
      return;
    }
    rung = true;
    Asleep where = asleep;
    if (where == Asleep.HERE) {
      LockSupport.unpark(sleeper);
    } else if (where == Asleep.IN_REDIS) {
      wakeInRedis.run();
    }
  }

  /** Whether every end of an item is to ring. */
  boolean isEager() {
    return eager;
  }

  /**
   * Sets that.
   *
   * @return whether it has become so just now
   */
  boolean eager(boolean wanted) {
    boolean was = eager;
    if (was != wanted) {
      eager = wanted;
    }
    return wanted && !was;
  }

  /** Forgets earlier rings: what they announced is looked at from here on. */
  void quieten() {
    rung = false;
  }

  /** Sleeps until rung, or for so long. For the feeder's thread. */
  void park(long nanos) {
    sleeper = Thread.currentThread();
    asleep = Asleep.HERE;
    try {
      long end = System.nanoTime() + nanos;
      long left = nanos;
      while (!rung && left > 0 && !Thread.interrupted()) {
        LockSupport.parkNanos(this, left);
        left = end - System.nanoTime();
      }
    } finally {
      asleep = null;
    }
  }

  /** Runs a call that {@link #wakesBy} can end, unless the bell was rung before. */
  void sleepIn(RedisWait call) throws InterruptedException {
    asleep = Asleep.IN_REDIS;
    try {
      if (!rung) {
        call.await();
      }
    } finally {
      asleep = null;
    }
  }

  /** A call that blocks in Redis. */
  @FunctionalInterface
  interface RedisWait {
    void await() throws InterruptedException;
  }
}
