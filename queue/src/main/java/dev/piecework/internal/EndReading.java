package dev.piecework.internal;

import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.QueueStatus.SessionView;
import dev.piecework.estimate.EndEstimate;
import dev.piecework.estimate.EndEstimator;
import dev.piecework.estimate.RemainingWork;
import dev.piecework.estimate.RunTimes;
import dev.piecework.estimate.RunningAges;
import dev.piecework.journal.AttemptEnd;
import dev.piecework.journal.Journal;
import dev.piecework.journal.ProgressPoint;
import java.time.Duration;
import java.util.List;

/** What an estimate of the end needs, of what was read of a queue. Pure. */
public final class EndReading {

  private EndReading() {}

  /** When the run ends, as far as that can be said. */
  public static EndEstimate end(QueueStatus status, Journal journal) {
    if (status.counts().unfinished() == 0) {
      return new EndEstimate.NothingLeft();
    }
    boolean leases = status.pausedFor() == null;
    if (!leases || status.state() instanceof QueueState.ResultsFull) {
      return new EndEstimate.Stalled(EndEstimate.Stall.NOTHING_IS_LEASED, silence(journal));
    }
    return estimator(status, journal)
        .end(slots(status), places(journal), underWay(status) ? silence(journal) : Duration.ZERO);
  }

  /** Of what is left; of a run that has ended, as if all were to be done again. */
  public static EndEstimator estimator(QueueStatus status, Journal journal) {
    QueueStatus.Counts counts = status.counts();
    List<RunningAges> running =
        status.sessions().stream()
            .filter(session -> !session.expired())
            .map(session -> new RunningAges(session.ages(), session.lastHeard()))
            .toList();
    long failed = journal.points().isEmpty() ? 0 : journal.points().getLast().failed();
    RunTimes times =
        new RunTimes(
            journal.times(),
            journal.slotTime().useful(),
            running,
            failed,
            journal.slotTime().retried());
    if (counts.unfinished() == 0) { // as if all were to be done again
      long all = counts.done() + counts.dead();
      return new EndEstimator(
          new RunTimes(
              journal.times(),
              journal.slotTime().useful(),
              List.of(),
              failed,
              journal.slotTime().retried()),
          new RemainingWork(all, all, Duration.ZERO),
          seed(status));
    }
    RemainingWork rest =
        new RemainingWork(
            counts.done() + counts.dead(),
            counts.unfinished(),
            status.pace().lastDue().orElse(Duration.ZERO));
    return new EndEstimator(times, rest, seed(status));
  }

  /** The same draws each time: what is shown twice moves because something has happened. */
  private static long seed(QueueStatus status) {
    return status.run() == null ? 0 : status.run().hashCode();
  }

  private static int slots(QueueStatus status) {
    return status.sessions().stream()
        .filter(session -> !session.expired())
        .mapToInt(session -> session.info().slots())
        .sum();
  }

  private static boolean underWay(QueueStatus status) {
    return status.sessions().stream().mapToLong(SessionView::holds).sum() > 0;
  }

  private static List<double[]> places(Journal journal) {
    return journal.sample().stream()
        .filter(attempt -> attempt.end() == AttemptEnd.DONE)
        .map(attempt -> new double[] {attempt.started().toEpochMilli(), attempt.took().toMillis()})
        .toList();
  }

  /** From the last point at which something had ended, to the last point. */
  private static Duration silence(Journal journal) {
    List<ProgressPoint> points = journal.points();
    if (points.isEmpty()) {
      return Duration.ZERO;
    }
    ProgressPoint last = points.getLast();
    int since = points.size() - 1;
    while (since > 0 && ended(points.get(since - 1)) == ended(last)) {
      since--;
    }
    return Duration.between(points.get(since).at(), last.at());
  }

  private static long ended(ProgressPoint point) {
    return point.done() + point.dead() + point.failed();
  }
}
