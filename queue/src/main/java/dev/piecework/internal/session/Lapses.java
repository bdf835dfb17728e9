package dev.piecework.internal.session;

import dev.piecework.internal.client.Heartbeat;
import dev.piecework.internal.state.Reclaimer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Knows when a session may have lapsed, and has it reaped then. Redis tells with every heartbeat
 * how long nobody can lapse; so while all are alive nobody looks, and when one has died everybody
 * does, within a second of its lapse.
 */
final class Lapses implements Heartbeat.PeriodicCheck {

  /** Two looks are at least so far apart. */
  private static final long SOON = TimeUnit.MILLISECONDS.toNanos(400);

  /** All are told the same time: the first to come does the work, and the others need not queue. */
  private static final long SPREAD = TimeUnit.MILLISECONDS.toNanos(200);

  /** The lapse may be shortened meanwhile, and clocks are set. */
  private static final long LATEST = TimeUnit.SECONDS.toNanos(10);

  /** In milliseconds: a day is as good as for ever. */
  private static final long LONG_AGO = TimeUnit.DAYS.toMillis(1);

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Reclaimer reclaimer;
  private final long latest;
  private final long spread = ThreadLocalRandom.current().nextLong(SPREAD);
  private volatile long looked = System.nanoTime();
  private volatile boolean over;
  private volatile long at = System.nanoTime() + SECOND;

  /**
   * @param drivenByHand whether a test sets Redis's clock: then a time that is far may be near
   */
  Lapses(Reclaimer reclaimer, boolean drivenByHand) {
    this.reclaimer = reclaimer;
    this.latest = drivenByHand ? SECOND : LATEST;
  }

  /**
   * Redis says that nobody lapses for so long; below 0 when somebody has. Said again of the same
   * session this is the same instant: heartbeats that are quicker than the looks do not put them
   * off.
   */
  void noneFor(long millis) {
    long nanos = TimeUnit.MILLISECONDS.toNanos(Math.clamp(millis, -LONG_AGO, LONG_AGO));
    long now = System.nanoTime();
    at = now + Math.min(latest, Math.max(looked + SOON - now, nanos + spread));
  }

  /** Nobody needs this any more. */
  void close() {
    over = true;
  }

  @Override
  public long dueNanos() {
    return over ? Long.MAX_VALUE : at - System.nanoTime();
  }

  @Override
  public void look() {
    looked = System.nanoTime();
    at = looked + SECOND; // should it fail
    noneFor(reclaimer.reap().nextMillis());
  }
}
