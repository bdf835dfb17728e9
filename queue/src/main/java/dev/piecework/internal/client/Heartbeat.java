package dev.piecework.internal.client;

import dev.piecework.internal.redis.RedisLink;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Background actor: keeps one session (or producer) alive, from a thread of its own, and looks
 * after those that are not.
 *
 * <p>Beats every third of the lease timeout, which may be changed meanwhile, and looks for expired
 * sessions when one may have expired. A beat that fails is tried again soon: an outage is granted a
 * grace by the scripts, not by us. It ends when it is closed, or its connections are: what nobody
 * closed is not heard any more then, and expires.
 */
public final class Heartbeat implements AutoCloseable {

  private static final long SOON_MILLIS = 100;

  /** One beat. */
  public interface Beat {
    /**
     * Says that we live.
     *
     * @return false when there is no point in going on
     */
    boolean beat();
  }

  /** What is looked after between the beats. */
  public interface PeriodicCheck {
    /** In how many nanoseconds to look; never, for one who has nothing to look after. */
    long dueNanos();

    void look();
  }

  /** Looks after nothing. */
  public static final PeriodicCheck NOTHING =
      new PeriodicCheck() {
        @Override
        public long dueNanos() {
          return Long.MAX_VALUE;
        }

        @Override
        public void look() {}
      };

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private final RedisLink link;
  private final Supplier<Duration> interval;
  private final Beat beat;
  private final PeriodicCheck look;
  private boolean closed;
  private volatile long heard = System.nanoTime();

  /**
   * @param interval asked after each beat, which may have been told another
   */
  public Heartbeat(
      RedisLink link, String name, Supplier<Duration> interval, Beat beat, PeriodicCheck look) {
    this.link = link;
    this.interval = interval;
    this.beat = beat;
    this.look = look;
    Thread.ofPlatform().daemon().name("piecework-heartbeat-" + name).start(this::run);
  }

  /** Since the last beat that Redis confirmed. */
  public Duration sinceHeard() {
    return Duration.ofNanos(System.nanoTime() - heard);
  }

  private void run() {
    long nextBeat = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(eachMillis());
    while (!pauseUntil(nextBeat) && !link.isClosed()) {
      try {
        if (System.nanoTime() - nextBeat >= 0) {
          if (!beat.beat()) {
            return;
          }
          heard = System.nanoTime();
          nextBeat = heard + TimeUnit.MILLISECONDS.toNanos(eachMillis());
        }
        if (look.dueNanos() <= 0) {
          look.look();
        }
      } catch (RuntimeException away) { // whatever it is: a heartbeat that stops costs all leases
        nextBeat =
            System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.min(eachMillis(), SOON_MILLIS));
      }
    }
  }

  private long eachMillis() {
    return Math.max(interval.get().toMillis(), 1);
  }

  // True when it is over.
  private boolean pauseUntil(long nextBeat) {
    long wait = Math.min(nextBeat - System.nanoTime(), look.dueNanos());
    lock.lock();
    try {
      long left = wait;
      while (!closed && left > 0) {
        left = closing.awaitNanos(left);
      }
      return closed;
    } catch (InterruptedException stopped) {
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      closing.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
