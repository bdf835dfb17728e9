package dev.piecework;

import java.time.Duration;
import java.util.List;

/** The state of the whole queue, read in one atomic script: all parts at the same instant. */
public sealed interface QueueState {

  /** Something can be leased now. */
  record Ready() implements QueueState {}

  /**
   * Nothing can be leased now, but the bag is not done.
   *
   * @param nextChange when to look again at the latest, if nothing wakes us: the next item due, the
   *     next session to lapse, or {@link Session#lookAgain}
   * @param waitingFor whom, for people: "3 leased by 2 sessions", "producer 'scan'"
   * @param onlyExternal true when all that is left is held by workers that are not ours (rediswq)
   */
  record NotYet(Duration nextChange, String waitingFor, boolean onlyExternal)
      implements QueueState {}

  /** Paused by a person, or by a worker whose command has vanished. */
  record Paused(String reason) implements QueueState {}

  /** The stored results have reached their bound; leasing goes on when somebody takes them. */
  record ResultsFull(long bytes, long max) implements QueueState {}

  /** This queue has never held an item; it is not drained. */
  record NeverFilled() implements QueueState {}

  /**
   * Nothing waiting, leased or delayed, and no producer open.
   *
   * @param run the run that ended so
   * @param dead how many items of it are dead
   */
  record Drained(String run, long done, long dead) implements QueueState {}

  /**
   * As drained, but a producer vanished and did not come back in its grace.
   *
   * @param sources which
   */
  record Incomplete(List<String> sources) implements QueueState {}

  /**
   * The run that this client works for is neither current nor among those that ended drained.
   *
   * @param why for people
   */
  record Lost(String why) implements QueueState {}

  /** Whether this is how a run ends: drained, incomplete or lost. */
  default boolean isEnd() {
    return switch (this) {
      case Drained drained -> true;
      case Incomplete incomplete -> true;
      case Lost lost -> true;
      case Ready ready -> false;
      case NotYet notYet -> false;
      case Paused paused -> false;
      case ResultsFull full -> false;
      case NeverFilled never -> false;
    };
  }
}
