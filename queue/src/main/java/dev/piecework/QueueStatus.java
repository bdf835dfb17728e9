package dev.piecework;

import dev.piecework.estimate.EndEstimate;
import dev.piecework.estimate.EndEstimator;
import dev.piecework.estimate.RemainingWork;
import dev.piecework.estimate.RunTimes;
import dev.piecework.estimate.RunningAges;
import dev.piecework.journal.AttemptEnd;
import dev.piecework.journal.ItemTimes;
import dev.piecework.journal.Journal;
import dev.piecework.journal.ProgressPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything there is to know of a queue at one instant. The counts, sources and state come from
 * one atomic script.
 *
 * @param run the current run's id, or null before the first item
 * @param counts items by state
 * @param state of the whole queue
 * @param pausedFor why it is paused, or null
 * @param producers those that are open, and those that vanished
 * @param sessions those that are alive or not yet reaped
 * @param pace how fast it goes
 * @param settings what is stored with the queue
 * @param partitions each of them, if the queue has any: the counts of all are their sums
 * @param copies backup attempts of this run
 */
public record QueueStatus(
    String queue,
    @Nullable String run,
    Counts counts,
    QueueState state,
    @Nullable String pausedFor,
    List<ProducerView> producers,
    List<SessionView> sessions,
    Pace pace,
    QueueSettings settings,
    List<PartitionView> partitions,
    Copies copies) {

  /** One without backup attempts. */
  public QueueStatus(
      String queue,
      @Nullable String run,
      Counts counts,
      QueueState state,
      @Nullable String pausedFor,
      List<ProducerView> producers,
      List<SessionView> sessions,
      Pace pace,
      QueueSettings settings,
      List<PartitionView> partitions) {
    this(
        queue,
        run,
        counts,
        state,
        pausedFor,
        producers,
        sessions,
        pace,
        settings,
        partitions,
        Copies.NONE);
  }

  /**
   * Backup attempts: what an idle worker started again while another held it.
   *
   * @param underWay items that two workers hold now
   * @param made in this run
   * @param won those that ended before what they are a copy of
   */
  public record Copies(long underWay, long made, long won) {

    /** None at all. */
    public static final Copies NONE = new Copies(0, 0, 0);
  }

  /**
   * When the run ends, as far as that can be said: of what is filled already. It takes some
   * milliseconds of a processor.
   *
   * @param journal of the same queue, read at about the same time
   */
  public EndEstimate end(Journal journal) {
    return EndReading.end(this, journal);
  }

  /**
   * Says when it would end with other numbers of slots; when nothing is left, as if all items were
   * to be done again.
   *
   * @param journal of the same queue, read at about the same time
   */
  public EndEstimator estimator(Journal journal) {
    return EndReading.estimator(this, journal);
  }

  /** One partition, at an instant of its own. */
  public record PartitionView(int number, Counts counts, QueueState state) {}

  /**
   * @param leased includes {@code external}
   * @param external held by workers that are not ours (rediswq)
   */
  public record Counts(
      long waiting, long leased, long delayed, long done, long dead, long external) {
    /** Conserved, but for a fill or a purge. */
    public long total() {
      return waiting + leased + delayed + done + dead;
    }

    /** Not yet in a final state. */
    public long unfinished() {
      return waiting + leased + delayed;
    }
  }

  /** How a source stands that was not closed; the later, the more a person should look at it. */
  public enum ProducerState {
    /** Nobody fills from it now; it stays open until somebody closes it. */
    HELD,
    /** Its producer is heard. */
    OPEN,
    /** No heartbeat, within its grace. */
    SILENT,
    /** Did not come back in its grace. */
    VANISHED;

    /** As JSON and the command line have it: {@code open}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param filled items it has added so far
   */
  public record ProducerView(String source, ProducerState state, long filled, Duration lastHeard) {}

  /**
   * @param holds how many items
   * @param oldest what it has worked on for longest, or null
   * @param lastHeard since its last heartbeat
   * @param expired whether its leases are about to be given to others
   * @param ages for how long each attempt that is under way had been so when it was last heard
   */
  public record SessionView(
      String id,
      SessionInfo info,
      long holds,
      @Nullable OldestItem oldest,
      Duration lastHeard,
      boolean expired,
      ItemTimes ages) {}

  /**
   * @param suspicious older than ten times the 99th percentile of all attempts, and than 10 min
   */
  public record OldestItem(String id, int attempt, Duration age, boolean suspicious) {}

  /**
   * @param startedAt the run's first item
   * @param endedAt when it was drained, or null
   * @param perSecond items that reached a final state lately, per second
   * @param eta how long the rest takes at that rate, when that can be said
   * @param p99 the 99th percentile of how long an attempt takes, when known
   * @param lastDue when the last of the delayed items may begin, where there is one
   */
  public record Pace(
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      double perSecond,
      Optional<Duration> eta,
      Optional<Duration> p99,
      Optional<Duration> lastDue) {}

  /** What an estimate of the end needs, of what was read of a queue. Pure. */
  private static final class EndReading {

    private EndReading() {}

    /** When the run ends, as far as that can be said. */
    static EndEstimate end(QueueStatus status, Journal journal) {
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
    static EndEstimator estimator(QueueStatus status, Journal journal) {
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
          .map(
              attempt -> new double[] {attempt.started().toEpochMilli(), attempt.took().toMillis()})
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
}
