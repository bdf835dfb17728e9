package dev.piecework;

import dev.piecework.redis.RedisFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One running worker process as Redis knows it. It stays alive by a heartbeat from a thread of its
 * own; one that is not heard for a lapse is reaped: what it held goes to others, its id is never
 * used again, and its endings are refused. This object then goes on under a new id.
 *
 * <p>All methods may be called from any thread; one call to Redis is under way at a time.
 */
public final class Session implements AutoCloseable {

  /** What the heartbeat tells of a worker, for {@code status}. */
  public interface Reporter {
    /** The attempt that has been worked on for longest, or null. */
    QueueStatus.@Nullable OldestItem oldest();

    /** Durations of attempts since the last call: counts by power of two of milliseconds. */
    long[] durations();
  }

  private final Contact contact;
  private final Standings standings;
  private final Lapses lapses;
  private final Doorbell doorbell;
  private final SessionLife life;
  private final Heartbeat heartbeat;
  private final ReentrantLock calls = new ReentrantLock();
  private volatile boolean watchPushes = true;
  private volatile boolean passOnNext;
  private @Nullable Standing endPassedOn;
  private volatile boolean left;

  Session(Contact contact, SessionInfo info) {
    this.contact = contact;
    this.standings = new Standings(contact);
    this.lapses = new Lapses(new Reclaimer(contact), contact.config().access().clock() != null);
    this.doorbell = new Doorbell(contact);
    this.life = new SessionLife(this, contact, info, contact.create());
    life.enlist();
    this.heartbeat =
        new Heartbeat(
            info.worker(), life.settings().heartbeatInterval(), () -> life.beat(lapses), lapses);
  }

  /** The id that Redis knows now. */
  public String id() {
    return life.id();
  }

  /** How many items this session holds. */
  public int holds() {
    return life.holds();
  }

  /**
   * Ends leases and leases the next lot, in one round trip and one script (endings that are not
   * completions take one more, each kind). Waits out a Redis that is away or refuses, up to the
   * queue's time-out; a call whose reply was lost is looked up in what Redis has, so nothing is
   * committed twice and nothing that was leased is forgotten.
   *
   * @param endings of leases of this session; those ended before, and those of a session that was
   *     reaped, are refused
   * @param want how many to lease at most; 0 to lease nothing. At most 1,000 items or 1 MiB come at
   *     once, but at least one item
   * @throws RedisUnreachableException when Redis stays away; the endings are then open and may be
   *     given again
   * @throws RedisRefusesException likewise when it refuses to write
   */
  public Lot step(List<Ending> endings, int want) {
    calls.lock();
    try {
      Lot lot = new SessionStep(contact, standings, life, endings, want).run();
      if (passOnNext && (!lot.leases().isEmpty() || isNewEnd(lot.standing()))) {
        passOnNext = false;
        doorbell.passOn();
      }
      watchPushes = lot.standing() instanceof Standing.NotYet || isQuiet(lot.standing());
      return lot;
    } finally {
      calls.unlock();
    }
  }

  // An end is passed on once: who stays after it would hear its own bell, over and over.
  private boolean isNewEnd(Standing standing) {
    if (!isEnd(standing) || standing.equals(endPassedOn)) {
      return false;
    }
    endPassedOn = standing;
    return true;
  }

  private static boolean isQuiet(Standing standing) {
    return standing instanceof Standing.NeverFilled || standing instanceof Standing.Drained;
  }

  private static boolean isEnd(Standing standing) {
    return switch (standing) {
      case Standing.Drained d -> true;
      case Standing.Incomplete i -> true;
      case Standing.Lost l -> true;
      case Standing.Ready r -> false;
      case Standing.NotYet n -> false;
      case Standing.Paused p -> false;
      case Standing.ResultsFull f -> false;
      case Standing.NeverFilled n -> false;
    };
  }

  /** Leases a lot; {@link #step} without endings. */
  public Lot lease(int want) {
    return step(List.of(), want);
  }

  /**
   * Blocks until something may have changed: an item was pushed, came back or fell due, the queue
   * was drained, paused or resumed, or the time is over. May return early.
   */
  public void awaitChange(Duration atMost) throws InterruptedException {
    doorbell.await(atMost, watchPushes);
    // Also when nothing was heard: what is found then is what a worker was woken for that died.
    passOnNext = true;
  }

  /**
   * How long to wait at most when nothing is known to come. Everything rings; looking all the same
   * is for rings that went to a worker which died of something else. So the sessions of a queue
   * look in turn, a few times a second all together, and each at least every ten seconds.
   */
  public Duration lookAgain() {
    return standings.lookAgain();
  }

  /** Ends an {@link #awaitChange} that is under way. */
  public void wake() {
    doorbell.wake();
  }

  /** Says that this session will lease nothing more: others no longer count on it. */
  public void leaving() {
    calls.lock();
    try {
      life.leaving();
    } finally {
      calls.unlock();
    }
  }

  /**
   * Leaves now, if the rest is in good hands: in one read nothing is waiting or delayed, no
   * producer is open, and every leased item is held by another live session that is not leaving.
   *
   * @return whether this session has left; it is closed then
   */
  public boolean leaveEarly() {
    calls.lock();
    try {
      if (!life.leave(true)) {
        return false;
      }
    } finally {
      calls.unlock();
    }
    stopActors();
    return true;
  }

  /** Who reports for the heartbeat; by default the oldest lease is taken. */
  public void reportBy(Reporter reporter) {
    life.reportBy(reporter);
  }

  /** Called (from whichever thread notices) when the session was reaped under us. */
  public void onLost(Runnable action) {
    life.onLost(action);
  }

  /** How long ago Redis last confirmed the heartbeat, for liveness probes. */
  public Duration sinceHeard() {
    return heartbeat.sinceHeard();
  }

  void endNow(Ending ending) {
    Lot lot = step(List.of(ending), 0);
    if (!lot.refused().isEmpty()) {
      throw new LeaseLostException(
          "the lease of item " + ending.lease().id() + " is no longer held; nothing was changed");
    }
  }

  private void stopActors() {
    left = true;
    lapses.close();
    heartbeat.close();
    doorbell.close();
  }

  /** Gives back untried what is still held, and ends the session. */
  @Override
  public void close() {
    if (left) {
      return;
    }
    stopActors();
    calls.lock();
    try {
      List<Ending> endings = new ArrayList<>();
      for (Lease lease : life.heldLeases()) {
        endings.add(new Ending.Release(lease));
      }
      if (!endings.isEmpty()) {
        new SessionStep(contact, standings, life, endings, 0).run();
      }
      life.leave(false);
    } catch (RedisFailure | RedisUnreachableException | RedisRefusesException away) {
      // What is held is given to others when the session lapses.
    } finally {
      calls.unlock();
    }
  }
}
