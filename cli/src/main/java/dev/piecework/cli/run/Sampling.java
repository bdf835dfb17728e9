package dev.piecework.cli.run;

import dev.piecework.Producer;
import dev.piecework.QueueStatus;
import dev.piecework.RedisUnreachableException;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.EstimateTable;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.StatusText;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.TerminalDevice;
import dev.piecework.estimate.EndEstimate;
import dev.piecework.estimate.EndEstimator;
import dev.piecework.journal.Journal;
import dev.piecework.worker.RunningWorker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A sample of a run is done before the rest. The sample is filled alone; when it is done the queue
 * is paused, and the rest is filled into the paused queue: whenever it is killed, what is there is
 * a fill that broke off or a queue that is paused, and {@code --resume} goes on with either.
 */
final class Sampling {

  /** Who says whether it goes on. */
  enum Asks {
    PERSON,
    NOBODY
  }

  private static final Duration LOOK = Duration.ofMillis(200);
  private static final String WHY = "its sample is done, and nobody has said yet that it goes on";

  private final Terminal terminal;
  private final WorkQueue queue;
  private final int slots;
  private final Asks asks;
  private volatile boolean done;
  private volatile boolean asking;
  private volatile boolean declined;

  Sampling(Terminal terminal, WorkQueue queue, int slots, Asks asks) {
    this.terminal = terminal;
    this.queue = queue;
    this.slots = slots;
    this.asks = asks;
  }

  /** Of the pause, which is ours, and of how it is ended, a person is told by the question. */
  void say(String notice) {
    if (!notice.contains(WHY)) {
      terminal.say(notice);
    }
  }

  /** Whether a person is asked now, who is to see the question alone. */
  boolean isAsking() {
    return asking;
  }

  /** Whether it ended with the sample. */
  boolean isDeclined() {
    return declined;
  }

  /**
   * Waits until what was filled so far is done, but for what waits to be tried again, and pauses
   * the queue.
   *
   * @return false when the worker has ended before: nothing more is to be filled
   */
  boolean isDoneBy(RunningWorker worker, Producer producer) throws InterruptedException {
    producer.flush();
    terminal.say("the sample is " + Figures.count(producer.count(), "item") + "; it is done first");
    while (worker.await(LOOK).isEmpty()) {
      try {
        QueueStatus.Counts counts = queue.admin().status().counts();
        if (counts.waiting() == 0 && counts.leased() == 0) {
          queue.admin().pause(WHY);
          done = true;
          return true;
        }
      } catch (RedisUnreachableException away) {
        // The worker waits for it, and ends if it stays away.
      }
    }
    return false;
  }

  /** When all is filled: tells the estimate, and goes on with the rest or ends. */
  void conclude(RunningWorker worker) throws IOException, InterruptedException {
    if (!done) {
      return; // the sample was all there is, or the worker has ended
    }
    Optional<Journal> journal = journal(worker);
    if (journal.isEmpty()) {
      return;
    }
    QueueStatus status = queue.admin().status();
    terminal.say("the sample: " + StatusText.counts(status.counts()));
    tell(status, journal.get());
    if (goesOn(status)) {
      queue.admin().resume();
    } else {
      declined = true;
      worker.stop(Duration.ZERO);
    }
  }

  /** With the times of all that is done, which come with a heartbeat; none if the worker ended. */
  private Optional<Journal> journal(RunningWorker worker) throws InterruptedException {
    long sessionIsOver = System.nanoTime() + queue.settings().leaseTimeout().toNanos();
    Journal journal = queue.admin().journal();
    while (journal.times().count() < queue.admin().status().counts().done()
        && System.nanoTime() < sessionIsOver) {
      if (worker.await(LOOK).isPresent()) {
        return Optional.empty();
      }
      journal = queue.admin().journal();
    }
    return Optional.of(journal);
  }

  private void tell(QueueStatus status, Journal journal) {
    if (journal.times().count() == 0) {
      terminal.say("none of it is done, so nothing can be told of the rest");
      return;
    }
    EndEstimator estimator = status.estimator(journal);
    EndEstimate.Range range = estimator.range(slots);
    boolean believable = estimator.isBelievable(range);
    new EstimateTable(
            status,
            slots,
            List.of(new EstimateTable.Row(1, slots, range, believable)),
            estimator.bounds(),
            null)
        .lines()
        .forEach(line -> terminal.say(line));
    if (journal.times().count() < EndEstimator.FEWEST) {
      terminal.say("too few are done to believe this: it takes " + EndEstimator.FEWEST + " items");
    }
  }

  private boolean goesOn(QueueStatus status) throws IOException {
    return switch (asks) {
      case NOBODY -> true;
      case PERSON -> terminal.errIsTerminal() && isYes(status.counts().unfinished());
    };
  }

  private boolean isYes(long left) throws IOException {
    asking = true;
    try {
      terminal.bottomLine("");
      String answer =
          TerminalDevice.ask(
              "piecework: go on with the " + Figures.count(left, "item") + " left? [y/N] ");
      return List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
    } finally {
      asking = false;
    }
  }
}
