package dev.piecework;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** The state of the whole queue, read in one atomic script: all parts at the same instant. */
public sealed interface QueueState {

  /** Something can be leased now. */
  record Ready() implements QueueState {}

  /**
   * Nothing can be leased now, but the bag is not done.
   *
   * @param nextChange when to look again at the latest, if nothing wakes us: the next item due, the
   *     next session to expire, or {@link Session#lookAgain}
   * @param waitingFor of each partition that waits, and what is the same in several only once; a
   *     queue without partitions has one
   */
  record NotYet(Duration nextChange, List<WaitingFor> waitingFor) implements QueueState {

    /** Of a queue without partitions. */
    public NotYet(Duration nextChange, WaitReason... reasons) {
      this(nextChange, List.of(new WaitingFor(List.of(reasons))));
    }

    /** Whether all that is left is held by workers that are not ours (rediswq). */
    public boolean onlyExternal() {
      return waitingFor.stream().allMatch(WaitingFor::isOnlyExternal);
    }

    /** For people: "3 leased by 2 sessions, producer 'scan'". */
    public String text() {
      return waitingFor.stream().map(WaitingFor::text).collect(Collectors.joining("; "));
    }
  }

  /** All that a queue in one hash slot waits for at one instant. */
  record WaitingFor(List<WaitReason> reasons) {

    boolean isOnlyExternal() {
      return !reasons.isEmpty() && reasons.stream().allMatch(WaitReason.External.class::isInstance);
    }

    String text() {
      return reasons.stream().map(WaitReason::text).collect(Collectors.joining(", "));
    }
  }

  /**
   * Why nothing can be leased though the bag is not done. Programs look at the type, people at the
   * text: workers and command line say the same of a reason.
   */
  sealed interface WaitReason {

    /** In half a sentence, after "waiting for". */
    String text();

    /** Sessions work on the last items, and may give them back or lose them. */
    record Leased(long items, long sessions) implements WaitReason {
      @Override
      public String text() {
        return items + " leased by " + sessions + (sessions == 1 ? " session" : " sessions");
      }
    }

    /** Items are held by workers that are not ours (rediswq). */
    record External(long items) implements WaitReason {
      @Override
      public String text() {
        return items + " held by other programs";
      }
    }

    /** The time of these items has not come. */
    record Delayed(long items) implements WaitReason {
      @Override
      public String text() {
        return items + " delayed";
      }
    }

    /** A source is open, and may add items. */
    record ProducerOpen(String source) implements WaitReason {
      @Override
      public String text() {
        return "producer '" + source + "'";
      }
    }
  }

  /**
   * Paused by a person, by a worker whose command has vanished, or since to go on would be in vain
   * ({@link StopEarly}).
   */
  record Paused(String reason) implements QueueState {

    /** With this begins the reason where {@link StopEarly} paused it, and workers end. */
    public static final String STOPPED_EARLY = "stopped early: ";

    /** Whether the workers end: what they would do is to be mended first. */
    public boolean isStoppedEarly() {
      return reason.startsWith(STOPPED_EARLY);
    }
  }

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
   * As drained, but a producer vanished and did not come back in its grace, or a partition has lost
   * what one gave it.
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

  /** As JSON and the command line have it: {@code drained}. */
  default String word() {
    return switch (this) {
      case Ready ready -> "ready";
      case NotYet notYet -> "waiting";
      case Paused paused -> "paused";
      case ResultsFull full -> "results-full";
      case NeverFilled never -> "never-filled";
      case Drained drained -> "drained";
      case Incomplete incomplete -> "incomplete";
      case Lost lost -> "lost";
    };
  }
}
