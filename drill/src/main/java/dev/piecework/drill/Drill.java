package dev.piecework.drill;

import dev.piecework.Keep;
import dev.piecework.PieceworkException;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.QueueStatus;
import dev.piecework.Standing;
import dev.piecework.WorkQueue;
import dev.piecework.drill.check.Checker;
import dev.piecework.drill.check.Verdict;
import dev.piecework.drill.history.History;
import dev.piecework.drill.history.HistoryFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One bag of items, worked on by real processes while faults strike; then a verdict, from what the
 * processes have recorded. Everything that is chosen is chosen by the seed.
 */
public final class Drill {

  /** How long it may take, when the faults are over, until all is done. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final DrillPlan plan;
  private final Stage stage;
  private final List<Fault> faults;
  private final Consumer<String> notices;

  /** A drill; notices are told what is unusual. */
  public Drill(DrillPlan plan, Stage stage, List<Fault> faults, Consumer<String> notices) {
    this.plan = plan;
    this.stage = stage;
    this.faults = List.copyOf(faults);
    this.notices = notices;
  }

  static QueueSettings settings(Duration leaseTimeout) {
    return QueueSettings.DEFAULTS
        .withLeaseTimeout(leaseTimeout)
        .withLosses(1_000) // many die, and no item of ours is to blame
        .withAttempts(5)
        .withBackoff(Duration.ofMillis(10), Duration.ofMillis(200))
        .withKeep(Keep.RESULTS);
  }

  /**
   * Performs it. The queue is there while it lasts, and gone afterwards; histories stay in the
   * folder.
   *
   * @param folder for histories and logs; must be empty
   * @param queue its name
   * @param paceMillis how much of the plan's time lies between two faults on average, or as much of
   *     the bag where that is done sooner. One at least strikes
   */
  public DrillReport run(Path folder, String queue, double paceMillis)
      throws InterruptedException, IOException {
    long begin = System.nanoTime();
    QueueConfig config =
        stage
            .place("watcher")
            .queue(queue, plan.leaseTimeout(), notices)
            .withRedisTimeout(PATIENCE);
    Path file = folder.resolve("watcher" + History.SUFFIX);
    try (HistoryFile history = HistoryFile.create(file);
        WorkQueue watched = WorkQueue.open(config, history)) {
      Cast cast = new Cast(plan, stage, folder, queue, notices);
      AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
      boolean drained;
      try {
        cast.start();
        CountDownLatch over = new CountDownLatch(1);
        Thread striking =
            Thread.ofVirtual().start(() -> strikeUntil(over, cast, paceMillis, failed));
        try {
          drained = watch(watched, cast, striking);
        } finally {
          // Not an interrupt: what was killed in the middle of a strike has to be started again.
          over.countDown();
          striking.join();
        }
        var _ = watched.results().count(); // for the history
      } finally {
        cast.end();
        purge(watched);
      }
      Exception why = failed.get();
      if (why != null) {
        throw new IOException("a fault could not strike: " + why, why);
      }
      return report(cast, folder, drained, Duration.ofNanos(System.nanoTime() - begin));
    }
  }

  private void strikeUntil(
      CountDownLatch over,
      Cast cast,
      double paceMillis,
      AtomicReference<@Nullable Exception> failed) {
    Scene scene = new Scene(plan, cast);
    FaultDeck deck = new FaultDeck(faults, scene);
    try {
      cast.awaitBegin(over);
      // Or until all is done. Faults hold up what they strike: without a limit to each phase they
      // would all strike the first. The limit is a time, but for the first, which comes before much
      // is
      // done: neither a long pause nor a busy machine shall make a bag that shows nothing.
      for (Phase phase : Phase.values()) {
        long end = System.nanoTime() + plan.time().toNanos() / 2;
        boolean struck = false;
        while ((!struck || System.nanoTime() < end) && cast.phase().compareTo(phase) <= 0) {
          double pause = -Math.log(1 - scene.random().nextDouble()) * paceMillis;
          pause = struck ? pause : Math.min(pause, plan.time().toMillis() / 3.0);
          if (cast.awaitPause(pause, over)) {
            return;
          }
          Fault next = !struck || System.nanoTime() < end ? deck.next() : null;
          if (next != null) {
            cast.beginsStrike(next.kind());
            next.strike(scene);
            struck = true;
          }
        }
        cast.awaitAfter(phase, over);
      }
    } catch (Exception broken) {
      failed.set(broken);
    } finally {
      try {
        scene.end();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
  }

  // Whether the bag was drained, and all workers saw it and went home.
  private boolean watch(WorkQueue queue, Cast cast, Thread striking) throws InterruptedException {
    long patienceEnds = Long.MAX_VALUE;
    while (true) {
      cast.tend();
      if (cast.isDeserted()) {
        boolean drained = queue.standing() instanceof Standing.Drained;
        if (drained || cast.mayBeUndone().isEmpty()) {
          return drained;
        }
        cast.workAgain();
      }
      if (!striking.isAlive() && patienceEnds == Long.MAX_VALUE) {
        patienceEnds = System.nanoTime() + PATIENCE.toNanos();
      }
      if (System.nanoTime() > patienceEnds) {
        notices.accept("not drained in time: " + queue.status());
        return false;
      }
      try {
        QueueStatus status = queue.status();
        cast.fillAgainIf(!status.producers().isEmpty());
        QueueStatus.Counts counts = status.counts();
        cast.progress(
            counts.done() + counts.dead(), counts.waiting() + counts.leased() + counts.delayed());
      } catch (PieceworkException away) {
        notices.accept(String.valueOf(away.getMessage()));
      }
      Thread.sleep(50);
    }
  }

  private void purge(WorkQueue queue) {
    try {
      queue.purge();
    } catch (PieceworkException away) {
      notices.accept("queue '" + queue.name() + "' is left behind: " + away.getMessage());
    }
  }

  private DrillReport report(Cast cast, Path folder, boolean drained, Duration took) {
    History history = History.read(folder);
    Verdict verdict = Checker.check(history, cast.mayBeUndone());
    return new DrillReport(
        plan,
        cast.strikes(),
        verdict,
        RecoveryTimes.in(history, cast.strikes(), cast.recoveries()),
        new DrillReport.Course(drained, took));
  }
}
