package dev.piecework;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One running worker process as Redis knows it. It stays alive by a heartbeat from a thread of its
 * own; one that is not heard for a lapse is reaped: what it held goes to others, its id is never
 * used again, and its endings are refused. This object then goes on under a new id.
 *
 * <p>{@link #step} is for one thread at a time; the rest may be called from any.
 */
public final class Session implements AutoCloseable {

  /** What the heartbeat tells of a worker, for {@code status}. */
  public interface Reporter {
    /** The attempt that has been worked on for longest, or null. */
    QueueStatus.@Nullable OldestItem oldest();

    /** Durations of attempts since the last call: counts by power of two of milliseconds. */
    long[] durations();
  }

  /** The id that Redis knows now. */
  public String id() {
    throw new UnsupportedOperationException();
  }

  /** How many items this session holds. */
  public int holds() {
    throw new UnsupportedOperationException();
  }

  /**
   * Ends leases and leases the next lot, in one round trip and one script. Waits out a Redis that
   * is away or refuses, up to the queue's time-out; a call whose reply was lost is looked up in
   * what Redis has, so nothing is committed twice and nothing that was leased is forgotten.
   *
   * @param endings of leases of this session, each ended for the first time; those of a session
   *     that was reaped are refused
   * @param want how many to lease at most; 0 to lease nothing. At most 1,000 items or 1 MiB come at
   *     once, but at least one item
   * @throws RedisUnreachableException when Redis stays away; the endings are then open and may be
   *     given again
   * @throws RedisRefusesException likewise when it refuses to write
   */
  public Lot step(List<Ending> endings, int want) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  /** Ends an {@link #awaitChange} that is under way. */
  public void wake() {
    throw new UnsupportedOperationException();
  }

  /** Says that this session will lease nothing more: others no longer count on it. */
  public void leaving() {
    throw new UnsupportedOperationException();
  }

  /**
   * Leaves now, if the rest is in good hands: in one read nothing is waiting or delayed, no
   * producer is open, and every leased item is held by another live session that is not leaving.
   *
   * @return whether this session has left; it is closed then
   */
  public boolean leaveEarly() {
    throw new UnsupportedOperationException();
  }

  /** Who reports for the heartbeat; by default the oldest lease is taken. */
  public void reportBy(Reporter reporter) {
    throw new UnsupportedOperationException();
  }

  /** Called (from the heartbeat's thread) when the session was reaped under us. */
  public void onLost(Runnable action) {
    throw new UnsupportedOperationException();
  }

  /** How long ago Redis last confirmed the heartbeat, for liveness probes. */
  public Duration sinceHeard() {
    throw new UnsupportedOperationException();
  }

  void endNow(Ending ending) {
    throw new UnsupportedOperationException();
  }

  /** Gives back untried what is still held, and ends the session. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
