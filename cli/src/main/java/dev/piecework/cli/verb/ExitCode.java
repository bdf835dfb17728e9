package dev.piecework.cli.verb;

import dev.piecework.FillRefusedException;
import dev.piecework.PieceworkException;
import dev.piecework.QueueUnusableException;
import dev.piecework.RedisRefusesException;
import dev.piecework.RedisUnreachableException;
import dev.piecework.RunLostException;

/** What a verb says to the shell: the only place where exit codes are made. */
public enum ExitCode {
  DONE(0),
  /** Drained, but some items are dead. */
  SOME_DEAD(1),
  /** Nothing more is leased, for the command cannot be started. */
  PAUSED(1),
  /** A drill found a broken promise. */
  DRILL_FAILED(1),
  /** Something does not work on this machine. */
  SELF_TEST_FAILED(1),
  USAGE(2),
  /** Redis came back without the run, or a producer vanished. */
  RUN_LOST(3),
  NO_REDIS(4),
  TIME_IS_OVER(5),
  /** The Job of a manifest failed. */
  JOB_FAILED(6),
  /** Drained, but what was to follow has failed. */
  THEN_FAILED(6),
  /** Our own error. */
  OURS(70),
  REDIS_REFUSES(74),
  /** A file that was to be written cannot be: EX_IOERR. */
  CANNOT_WRITE(74),
  INTERRUPTED(130),
  /** Whoever read our output has closed it; what every other Unix tool says then. */
  NOBODY_LISTENS(141),
  TERMINATED(143);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** For something thrown. */
  public static ExitCode of(Throwable thrown) {
    return switch (thrown) {
      case Refusal refusal -> refusal.code();
      case PieceworkException known -> of(known);
      case BackendException no -> no.away() ? NO_REDIS : USAGE;
      default -> OURS;
    };
  }

  private static ExitCode of(PieceworkException known) {
    return switch (known) {
      case RedisUnreachableException gone -> NO_REDIS;
      case RedisRefusesException refuses -> REDIS_REFUSES;
      case RunLostException lost -> RUN_LOST;
      case QueueUnusableException unusable -> USAGE;
      case FillRefusedException refused -> USAGE;
      case PieceworkException ours -> OURS;
    };
  }

  /** For the end of a run: drained, or drained with dead items where those count as failure. */
  public static ExitCode drained(long dead, boolean deadFails) {
    return deadFails && dead > 0 ? SOME_DEAD : DONE;
  }
}
