package dev.piecework.drill;

import dev.piecework.PieceworkException;
import dev.piecework.QueueConfig;
import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
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
 * One bag of items, worked on by real processes while faults are injected; then a verdict, from
 * what the processes have recorded. Everything that is chosen is chosen by the seed.
 */
public final class Drill {

  /** How long it may take, when the faults are over, until all is done. */
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final DrillPlan plan;
  private final DrillEnvironment environment;
  private final List<Fault> faults;
  private final Consumer<String> notices;

  /** A drill; notices are told what is unusual. */
  public Drill(
      DrillPlan plan, DrillEnvironment environment, List<Fault> faults, Consumer<String> notices) {
    this.plan = plan;
    this.environment = environment;
    this.faults = List.copyOf(faults);
    this.notices = notices;
  }

  /**
   * Runs it. The queue is there while it lasts, and gone afterwards; histories stay in the folder.
   *
   * @param folder for histories and logs; must be empty
   * @param queue its name
   * @param paceMillis how much of the plan's time lies between two faults on average, or as much of
   *     the bag where that is done sooner. One at least is injected
   */
  public DrillReport run(Path folder, String queue, double paceMillis)
      throws InterruptedException, IOException {
    long begin = System.nanoTime();
    QueueConfig config =
        environment.place("watcher").queue(queue, plan.queue(), notices).withRedisTimeout(TIMEOUT);
    Path file = folder.resolve("watcher" + History.SUFFIX);
    try (HistoryFile history = HistoryFile.create(file);
        WorkQueue watched = WorkQueue.open(config, history)) {
      ProcessSet processes = new ProcessSet(plan, environment, folder, queue, notices);
      AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
      boolean drained;
      try {
        processes.start();
        CountDownLatch over = new CountDownLatch(1);
        Thread injecting =
            Thread.ofVirtual().start(() -> injectUntil(over, processes, paceMillis, failed));
        try {
          drained = watch(watched, processes, injecting);
        } finally {
          // Not an interrupt: what was killed in the middle of a fault has to be started again.
          over.countDown();
          injecting.join();
        }
        var _ = watched.results().count(); // for the history
      } finally {
        processes.end();
        purge(watched);
      }
      Exception why = failed.get();
      if (why != null) {
        throw new IOException("a fault could not be injected: " + why, why);
      }
      return report(processes, folder, drained, Duration.ofNanos(System.nanoTime() - begin));
    }
  }

  private void injectUntil(
      CountDownLatch over,
      ProcessSet processes,
      double paceMillis,
      AtomicReference<@Nullable Exception> failed) {
    FaultContext context = new FaultContext(plan, processes);
    FaultScheduler scheduler = new FaultScheduler(faults, context);
    try {
      processes.awaitBegin(over);
      // Or until all is done. Faults hold up what they are injected into: without a limit to each
      // phase all would come in the first. The limit is a time, but for the first fault, which
      // comes before much is done: neither a long pause nor a busy machine shall make a bag that
      // shows nothing.
      for (Phase phase : Phase.values()) {
        long end = System.nanoTime() + plan.time().toNanos() / 2;
        boolean injected = false;
        while ((!injected || System.nanoTime() < end) && processes.phase().compareTo(phase) <= 0) {
          double pause = -Math.log(1 - context.random().nextDouble()) * paceMillis;
          pause = injected ? pause : Math.min(pause, plan.time().toMillis() / 3.0);
          if (processes.awaitPause(pause, over)) {
            return;
          }
          Fault next = !injected || System.nanoTime() < end ? scheduler.next() : null;
          if (next != null) {
            processes.beginsFault(next.kind());
            next.inject(context);
            injected = true;
          }
        }
        processes.awaitAfter(phase, over);
      }
    } catch (Exception broken) {
      failed.set(broken);
    } finally {
      try {
        context.end();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
  }

  // Whether the bag was drained, and all workers saw it and exited.
  private boolean watch(WorkQueue queue, ProcessSet processes, Thread injecting)
      throws InterruptedException {
    long deadline = Long.MAX_VALUE;
    while (true) {
      processes.tend();
      if (processes.isEmpty()) {
        boolean drained = queue.state() instanceof QueueState.Drained;
        if (drained || processes.mayBeUndone().isEmpty()) {
          return drained;
        }
        processes.workAgain();
      }
      if (!injecting.isAlive() && deadline == Long.MAX_VALUE) {
        deadline = System.nanoTime() + TIMEOUT.toNanos();
      }
      if (System.nanoTime() > deadline) {
        notices.accept("not drained in time: " + queue.admin().status());
        return false;
      }
      try {
        QueueStatus status = queue.admin().status();
        processes.fillAgainIf(!status.producers().isEmpty());
        QueueStatus.Counts counts = status.counts();
        processes.progress(
            counts.done() + counts.dead(), counts.waiting() + counts.leased() + counts.delayed());
      } catch (PieceworkException away) {
        notices.accept(String.valueOf(away.getMessage()));
      }
      Thread.sleep(50);
    }
  }

  private void purge(WorkQueue queue) {
    boolean told = Thread.interrupted(); // to end, but not to leave the queue
    try {
      queue.admin().purge();
    } catch (PieceworkException away) {
      notices.accept("queue '" + queue.name() + "' is left behind: " + away.getMessage());
    } finally {
      if (told) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private DrillReport report(ProcessSet processes, Path folder, boolean drained, Duration took) {
    History history = History.read(folder);
    Verdict verdict = Checker.check(history, processes.mayBeUndone());
    return new DrillReport(
        plan,
        processes.injected(),
        verdict,
        RecoveryTimes.in(history, processes.injected(), processes.recoveries()),
        new DrillReport.Course(drained, took));
  }
}
