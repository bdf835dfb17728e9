package dev.piecework.cli.run;

import dev.piecework.DeadItems;
import dev.piecework.PieceworkException;
import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.cli.followup.FollowUpRun;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an earlier run left in the queue, and what becomes of it: continued, dropped, or in the way.
 */
final class EarlierRun {

  private final Terminal terminal;
  private final WorkQueue open;
  private final String name;
  private final QueueStatus status;

  /** Looks at the queue of that name once. */
  EarlierRun(Terminal terminal, WorkQueue open, String name) {
    this.terminal = terminal;
    this.open = open;
    this.name = name;
    this.status = open.admin().status();
  }

  private boolean exists() {
    return status.run() != null || status.counts().total() > 0 || !status.producers().isEmpty();
  }

  /** Whatever is there is gone, results and dead items with it. */
  void drop() {
    if (exists()) {
      long _ = open.admin().purge();
    }
  }

  /**
   * One that is over is no reason to refuse.
   *
   * @param named whether the user gave the queue its name, and so could give another
   */
  void refuseUnfinished(boolean named) {
    List<String> unfinished = exists() ? unfinished() : List.of();
    if (!unfinished.isEmpty()) {
      throw Refusal.usage(
          "queue '"
              + name
              + "' holds an unfinished run ("
              + String.join(", ", unfinished)
              + "); --resume continues it, --fresh drops it"
              + (named ? ", another -q NAME leaves it alone" : ""));
    }
  }

  /**
   * Continues it, or begins where there is none.
   *
   * @param results the file that the run writes to, which keeps what is in it
   */
  RunRequest.Begin resume(boolean retryDead, @Nullable Path results) {
    if (!exists()) {
      terminal.say(
          "there is no run '"
              + name
              + "' to resume: it begins now"
              + (results == null ? "" : "; what is in " + results + " stays there"));
      return RunRequest.Begin.ANEW;
    }
    int _ = open.admin().reapGoneProcesses();
    String paused = status.pausedFor();
    open.admin().resume(); // in any case: what has failed before is not held against it now
    if (paused != null) {
      terminal.say(
          "queue '" + name + "' was paused (" + BagRun.firstLine(paused) + ") and goes on");
    }
    long dead = status.counts().dead();
    if (retryDead) {
      long again = dead == 0 ? 0 : open.admin().requeue(new DeadItems.All());
      terminal.say(Figures.count(again, "dead item") + " back to waiting");
      return status.state() instanceof QueueState.Drained && again == 0
          ? RunRequest.Begin.DRAINED
          : RunRequest.Begin.CONTINUED;
    }
    if (dead > 0) {
      terminal.say(
          Figures.count(dead, "dead item")
              + (dead == 1 ? " is" : " are")
              + " not tried again; --resume --retry-dead does that, or: piecework requeue "
              + name
              + " --all");
    }
    return status.state() instanceof QueueState.Drained
        ? RunRequest.Begin.DRAINED
        : RunRequest.Begin.CONTINUED;
  }

  private List<String> unfinished() {
    List<String> why = new ArrayList<>();
    var counts = status.counts();
    if (counts.unfinished() > 0) {
      why.add(
          Figures.number(counts.done() + counts.dead())
              + " of "
              + Figures.number(counts.total())
              + " items over");
    }
    if (!status.producers().isEmpty()) {
      why.add("its input was not read to the end");
    }
    String paused = status.pausedFor();
    if (paused != null && counts.unfinished() > 0) {
      why.add("paused: " + BagRun.firstLine(paused));
    }
    if (why.isEmpty() && FollowUpRun.isOpen(open)) {
      why.add("its --then has not succeeded");
    }
    try {
      if (why.isEmpty()
          && open.admin().resultLogs().stream().anyMatch(log -> !log.after(0, 1).isEmpty())) {
        why.add("its results were not taken");
      }
    } catch (PieceworkException noRun) {
      return why;
    }
    return why;
  }
}
