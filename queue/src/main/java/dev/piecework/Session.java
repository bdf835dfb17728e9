package dev.piecework;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One running worker process as Redis knows it. It stays alive by a heartbeat from a thread of its
 * own; one that is not heard for a lease timeout is reaped: what it held goes to others, its id is
 * never used again, and its settlements are refused. This object then goes on under a new id.
 *
 * <p>In a queue of several partitions it is one such life in each partition that it has visited.
 *
 * <p>All methods may be called from any thread; one step is under way at a time.
 */
public interface Session extends AutoCloseable {

  /** What the heartbeat tells of a worker, for {@code status}. */
  interface Reporter {
    /** The attempt that has been worked on for longest, or null. */
    QueueStatus.@Nullable OldestItem oldest();

    /** The attempts that are under way, the oldest included. */
    default List<QueueStatus.OldestItem> running() {
      QueueStatus.OldestItem oldest = oldest();
      return oldest == null ? List.of() : List.of(oldest);
    }

    /** What the slots did since the last call. */
    SlotTimes slots();
  }

  /**
   * What slots did with their time, summed over all of them; what is left of {@code all} they were
   * idle.
   *
   * @param useful attempts that ended as done
   * @param failed attempts that failed
   * @param other attempts that were given back, and those under way
   */
  record SlotTimes(Duration all, Duration useful, Duration failed, Duration other) {

    /** No time at all. */
    public static final SlotTimes NONE =
        new SlotTimes(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /** With an attempt. */
    public Duration busy() {
      return useful.plus(failed).plus(other);
    }

    /** Of both. */
    public SlotTimes plus(SlotTimes more) {
      return new SlotTimes(
          all.plus(more.all),
          useful.plus(more.useful),
          failed.plus(more.failed),
          other.plus(more.other));
    }
  }

  /** The id that Redis knows now; with partitions that in the first one visited. */
  String id();

  /**
   * The queue's settings: as they were when this session began, and from the first heartbeat after
   * somebody changed them as they are then.
   */
  QueueSettings settings();

  /** How many items this session holds. */
  int holds();

  /**
   * Ends leases and leases the next batch, in one round trip and one script (settlements that are
   * not completions take one more, each kind; with partitions those of another partition than the
   * one that is leased from, too). Waits out a Redis that is away or refuses, up to the queue's
   * time-out; a call whose reply was lost is looked up in what Redis has, so nothing is committed
   * twice and nothing that was leased is forgotten.
   *
   * @param settlements of leases of this session; those ended before, and those of a session that
   *     was reaped, are refused
   * @param want how many to lease at most; 0 to lease nothing. At most 1,000 items or 1 MiB come at
   *     once, but at least one item
   * @throws RedisUnreachableException when Redis stays away; the settlements are then open and may
   *     be given again
   * @throws RedisRefusesException likewise when it refuses to write
   */
  LeaseBatch step(List<Settlement> settlements, int want);

  /**
   * Whether something was done since the run began, or was resumed last, when the failed attempts
   * of the last step were told. {@link StopEarly#auto} does not apply then, and need not be
   * {@linkplain QueueAdmin#stopEarly asked for}.
   */
  default boolean isSomethingDone() {
    return false;
  }

  /** Leases a batch; {@link #step} without settlements. */
  default LeaseBatch lease(int want) {
    return step(List.of(), want);
  }

  /**
   * Blocks until something may have changed: an item was pushed, came back or fell due, the queue
   * was drained, paused or resumed, or the time is over. May return early.
   */
  void awaitChange(Duration atMost) throws InterruptedException;

  /**
   * How long to wait at most when nothing is known to come. Everything wakes; looking all the same
   * is for wake-ups that went to a worker which died of something else. So the sessions of a queue
   * look in turn, a few times a second all together, and each at least every ten seconds.
   */
  Duration lookAgain();

  /** Ends an {@link #awaitChange} that is under way. */
  void wake();

  /** Says that this session will lease nothing more: others no longer count on it. */
  void leaving();

  /**
   * Leaves now, if the rest is in good hands: in one read nothing is waiting or delayed, no
   * producer is open, and every leased item is held by another live session that is not leaving.
   *
   * @return whether this session has left; it is closed then. Never with partitions, which cannot
   *     be seen in one read
   */
  boolean leaveEarly();

  /** Who reports for the heartbeat; by default the oldest lease is taken. */
  void reportBy(Reporter reporter);

  /**
   * Called (from the heartbeat's thread) when somebody has said in how many slots this session's
   * worker is to work.
   */
  default void onSlots(IntConsumer action) {}

  /** Says in how many slots this session's worker works from now on. */
  default void slots(int slots) {}

  /** Called (from whichever thread notices) when the session was reaped under us. */
  void onLost(Runnable action);

  /**
   * Called (from whichever thread notices) when a lease of this session is lost alone: a person has
   * dropped its item. Nothing need be done: its settlement is refused.
   */
  void onDropped(Consumer<Lease> action);

  /**
   * Called (from whichever thread notices) when a lease of this session is lost alone since another
   * session held the item too and was the first to complete it. Nothing need be done: its
   * settlement is refused, and nothing is counted.
   */
  default void onOvertaken(Consumer<Lease> action) {}

  /**
   * Leases, under the same token, one item that another worker holds and that is likely to be done
   * sooner here; only where the queue makes {@linkplain QueueSettings#backup backup attempts},
   * nothing waits, and the times of the run speak for it. The first of the two to complete wins;
   * any other end of one of them counts nothing while the other holds the item. For a worker whose
   * slots are idle: to be asked about once a second. Takes several round trips.
   */
  default Optional<Lease> backUp() {
    return Optional.empty();
  }

  /** How long ago Redis last confirmed the heartbeat, for liveness probes. */
  Duration sinceHeard();

  /** Gives back untried what is still held, and ends the session. */
  @Override
  void close();
}
