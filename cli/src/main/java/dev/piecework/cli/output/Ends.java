package dev.piecework.cli.output;

import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.cli.verb.Complaint;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.worker.WorkerEnd;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the end of a queue or of a worker means to the shell, and in words. */
public final class Ends {

  private Ends() {}

  /** For {@code wait}: null while it is not the end. */
  public static @Nullable ExitCode of(QueueState state) {
    return switch (state) {
      case QueueState.Drained drained -> ExitCode.drained(drained.dead(), true);
      case QueueState.Incomplete incomplete -> ExitCode.RUN_LOST;
      case QueueState.Lost lost -> ExitCode.RUN_LOST;
      case QueueState.Ready ready -> null;
      case QueueState.NotYet notYet -> null;
      case QueueState.Paused paused -> paused.isStoppedEarly() ? ExitCode.PAUSED : null;
      case QueueState.ResultsFull full -> null;
      case QueueState.NeverFilled never -> null;
    };
  }

  public static String sentence(String queue, QueueState state) {
    return sentence(queue, state, DeadCauses.UNKNOWN);
  }

  /** Likewise, and what the dead items of this queue died of. */
  public static String sentence(WorkQueue queue, QueueState state) {
    return sentence(
        queue.name(),
        state,
        state instanceof QueueState.Drained drained
            ? DeadCauses.of(queue, drained.dead())
            : DeadCauses.UNKNOWN);
  }

  private static String sentence(String queue, QueueState state, DeadCauses causes) {
    return switch (state) {
      case QueueState.Drained drained -> drained(queue, drained.done(), drained.dead(), causes);
      case QueueState.Incomplete incomplete -> incomplete(queue, incomplete.sources());
      case QueueState.Lost lost -> Printable.line(lost.why(), 300);
      case QueueState.Ready ready -> "items wait";
      case QueueState.NotYet notYet -> "waiting for " + Printable.line(notYet.text(), 200);
      case QueueState.Paused paused ->
          paused.isStoppedEarly()
              ? stoppedByItself(queue, paused.reason())
              : "paused: " + Printable.line(paused.reason(), 200);
      case QueueState.ResultsFull full -> "stored results have reached their bound";
      case QueueState.NeverFilled never -> "queue '" + queue + "' has never held an item";
    };
  }

  /**
   * Drained, if the status says so, else this end: what ran may have been done within the grace.
   */
  public static WorkerEnd orDrained(WorkerEnd end, Optional<QueueStatus> status) {
    return end instanceof WorkerEnd.Stopped
            && status.isPresent()
            && status.get().state() instanceof QueueState.Drained all
        ? new WorkerEnd.Drained(all.run(), all.done(), all.dead())
        : end;
  }

  /**
   * @param deadFails whether dead items are a failure: of {@code run}, and of {@code work} with
   *     {@code --fail-on-dead}
   */
  public static ExitCode of(WorkerEnd end, boolean deadFails) {
    return switch (end) {
      case WorkerEnd.Drained drained -> ExitCode.drained(drained.dead(), deadFails);
      case WorkerEnd.LeftEarly early -> ExitCode.DONE;
      case WorkerEnd.StoppedEarly early -> ExitCode.PAUSED;
      case WorkerEnd.Incomplete incomplete -> ExitCode.RUN_LOST;
      case WorkerEnd.RunLost lost -> ExitCode.RUN_LOST;
      case WorkerEnd.NeverFilled never -> ExitCode.RUN_LOST;
      case WorkerEnd.RedisGone gone -> ExitCode.of(gone.why());
      case WorkerEnd.RedisRefuses refuses -> ExitCode.of(refuses.why());
      case WorkerEnd.QueueUnusable unusable -> ExitCode.of(unusable.why());
      case WorkerEnd.Failed failed -> ExitCode.of(failed.why());
      // Whoever stopped it knows why; stopped by nobody would be a fault of ours.
      case WorkerEnd.Stopped stopped -> ExitCode.OURS;
    };
  }

  public static String sentence(WorkQueue open, WorkerEnd end) {
    String queue = open.name();
    return switch (end) {
      case WorkerEnd.Drained drained ->
          drained(queue, drained.done(), drained.dead(), DeadCauses.of(open, drained.dead()));
      case WorkerEnd.LeftEarly early -> "left early: other workers hold the rest";
      case WorkerEnd.StoppedEarly early -> stoppedByItself(queue, early.why());
      case WorkerEnd.Incomplete incomplete -> incomplete(queue, incomplete.sources());
      case WorkerEnd.RunLost lost -> Printable.line(lost.why(), 300);
      case WorkerEnd.NeverFilled never ->
          "queue '"
              + queue
              + "' has held no item for "
              + Figures.time(never.waited())
              + " (--wait-for-fill)";
      case WorkerEnd.RedisGone gone -> Complaint.of(gone.why(), ExitCode.NO_REDIS);
      case WorkerEnd.RedisRefuses refuses -> Complaint.of(refuses.why(), ExitCode.REDIS_REFUSES);
      case WorkerEnd.QueueUnusable unusable -> Complaint.of(unusable.why(), ExitCode.USAGE);
      case WorkerEnd.Failed failed -> Complaint.of(failed.why(), ExitCode.OURS);
      case WorkerEnd.Stopped stopped -> stopped(stopped);
    };
  }

  private static String stoppedByItself(String queue, String reason) {
    return stoppedEarly(
        reason,
        "piecework resume " + queue + " (dead items: piecework requeue " + queue + " --all)");
  }

  /**
   * Every worker says the same.
   *
   * @param goOn what makes it go on, as a command
   */
  public static String stoppedEarly(String reason, String goOn) {
    return Printable.line(reason, 500) + "; nothing is lost: when it is mended go on with: " + goOn;
  }

  private static String stopped(WorkerEnd.Stopped stopped) {
    String text = "stopped; " + Figures.count(stopped.givenBack(), "item") + " given back";
    if (stopped.stillHeld() == 0) {
      return text;
    }
    String held =
        Figures.count(stopped.stillHeld(), "item")
            + " could not be given back, as Redis cannot be reached: others get "
            + (stopped.stillHeld() == 1 ? "it" : "them")
            + " when the lease timeout is over";
    return stopped.givenBack() == 0 ? "stopped; " + held : text + ", " + held;
  }

  private static String drained(String queue, long done, long dead, DeadCauses causes) {
    String text = "drained: " + Figures.number(done) + " done, " + Figures.number(dead) + " dead";
    return dead == 0 ? text : text + causes.text(queue, dead);
  }

  private static String incomplete(String queue, java.util.List<String> sources) {
    String first = Printable.line(sources.isEmpty() ? "SOURCE" : sources.getFirst(), 100);
    return "incomplete: what was there is done, but "
        + Printable.line(String.join(", ", sources), 200)
        + " vanished before its end; fill it again, or: piecework fill "
        + queue
        + " --close '"
        + first
        + "'";
  }
}
