package dev.piecework.worker;

import dev.piecework.PieceworkException;
import dev.piecework.QueueUnusableException;
import dev.piecework.RedisRefusesException;
import dev.piecework.RedisUnreachableException;
import dev.piecework.RunLostException;
import java.time.Duration;
import java.util.List;

/** Why a worker ended. What it still held was given back before, where Redis could be asked. */
public sealed interface WorkerEnd {

  /**
   * Every item is in a final state and no producer is open. The only end that is success, beside
   * {@link LeftEarly}.
   *
   * @param run the run that ended
   * @param dead how many of its items are dead
   */
  record Drained(String run, long done, long dead) implements WorkerEnd {}

  /** What was there is done, but these producers vanished before they had given everything. */
  record Incomplete(List<String> sources) implements WorkerEnd {
    public Incomplete {
      sources = List.copyOf(sources);
    }
  }

  /** Redis no longer has the run that was worked on. */
  record RunLost(String why) implements WorkerEnd {}

  /** Nobody put a first item in, for this long. */
  record NeverFilled(Duration waited) implements WorkerEnd {}

  /** The rest is held by other live workers; asked for with {@link Worker#leaveEarly}. */
  record LeftEarly() implements WorkerEnd {}

  /**
   * The run is paused for all workers, by the queue's setting {@link dev.piecework.StopEarly}: what
   * they do fails. Everything is kept, and goes on once it is mended and the queue is resumed.
   *
   * @param why for people
   */
  record StoppedEarly(String why) implements WorkerEnd {}

  /**
   * Told to stop.
   *
   * @param givenBack items that were leased and went back untried or interrupted
   * @param stillHeld items that could not be given back, nor their ends be handed in, since Redis
   *     was away: others get them when the session expires
   */
  record Stopped(long givenBack, long stillHeld) implements WorkerEnd {}

  /** Redis stayed away for longer than the queue's time-out. */
  record RedisGone(RedisUnreachableException why) implements WorkerEnd {}

  /** Redis went on refusing to write for longer than the queue's time-out. */
  record RedisRefuses(RedisRefusesException why) implements WorkerEnd {}

  /** This client cannot work on this queue. */
  record QueueUnusable(QueueUnusableException why) implements WorkerEnd {}

  /** A fault of this process: out of memory, or an error of ours or of a slot's loop. */
  record Failed(Throwable why) implements WorkerEnd {}

  /** The end that this exception of the queue means, also for one that a start has thrown. */
  static WorkerEnd of(PieceworkException exception) {
    return switch (exception) {
      case RedisUnreachableException gone -> new RedisGone(gone);
      case RedisRefusesException refuses -> new RedisRefuses(refuses);
      case QueueUnusableException unusable -> new QueueUnusable(unusable);
      case RunLostException lost -> new RunLost(String.valueOf(lost.getMessage()));
      case PieceworkException ours -> new Failed(ours);
    };
  }
}
