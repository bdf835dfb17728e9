package dev.piecework.metrics;

import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.estimate.EndEstimate;
import dev.piecework.journal.Journal;
import dev.piecework.journal.ProgressPoint;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How queues stand, for the one place that exports it: were each worker to do that, every item
 * would be counted once per worker. Asks for the readings at each scrape; that nobody reads Redis
 * more often than is good is the supplier's affair, and what the supplier throws fails the scrape.
 */
public final class QueueMetrics implements MultiCollector {

  private static final String STATE = "state";

  private static final List<String> STATES =
      List.of(
          "ready",
          "not_yet",
          "paused",
          "results_full",
          "never_filled",
          "drained",
          "incomplete",
          "lost");

  private final Supplier<List<Reading>> readings;

  /**
   * What one queue was found to be.
   *
   * @param journal of the run that the status is about
   */
  public record Reading(QueueStatus status, Journal journal) {}

  private QueueMetrics(Supplier<List<Reading>> readings) {
    this.readings = readings;
  }

  /**
   * Of all queues that the supplier answers, under their names; one per registry.
   *
   * @param version of the program, for {@code piecework_build_info}
   */
  public static void register(
      PrometheusRegistry registry, Supplier<List<Reading>> readings, String version) {
    registry.register(new QueueMetrics(readings));
    BuildInfo.register(registry, version);
  }

  @Override
  public MetricSnapshots collect() {
    Family items = new Family("piecework_queue_items", "Items of the queue by their state");
    Family state = new Family("piecework_queue_state", "1 for the state that the queue is in");
    Family workers =
        new Family("piecework_queue_workers", "Workers whose heartbeat is heard, of all machines");
    Family rate =
        new Family(
            "piecework_run_items_per_second",
            "Items that reached a final state lately, per second");
    Family rest =
        new Family(
            "piecework_run_remaining_seconds",
            "How long the rest would take at the present rate; absent when that cannot be said");
    SummarySnapshot.Builder eta =
        SummarySnapshot.builder()
            .name("piecework_run_eta_seconds")
            .help("When the run ends, from now: nine of ten end between the outer two quantiles");
    Family attempts =
        new Family(
            "piecework_run_attempts_total", "Attempts of the run by their outcome, of all workers");
    Family slotTime =
        new Family(
            "piecework_run_slot_seconds_total", "What the slots of the run did with their time");
    for (Reading reading : readings.get()) {
      QueueStatus status = reading.status;
      String queue = status.queue();
      counts(status.counts())
          .forEach((name, count) -> items.count(count, "queue", queue, STATE, name));
      String now = word(status.state());
      STATES.forEach(each -> state.add(each.equals(now) ? 1 : 0, "queue", queue, STATE, each));
      workers.count(
          status.sessions().stream().filter(session -> !session.expired()).count(), "queue", queue);
      rate.add(status.pace().perSecond(), "queue", queue);
      status.pace().eta().ifPresent(left -> rest.add(seconds(left), "queue", queue));
      status.end(reading.journal).range().ifPresent(range -> eta.dataPoint(point(range, queue)));
      journal(queue, reading.journal, attempts, slotTime);
    }
    return MetricSnapshots.of(
        items.gauge(),
        state.gauge(),
        workers.gauge(),
        rate.gauge(),
        rest.gauge(),
        eta.build(),
        attempts.counter(),
        slotTime.counter());
  }

  private static SummaryDataPointSnapshot point(EndEstimate.Range range, String queue) {
    return SummaryDataPointSnapshot.builder()
        .quantiles(
            Quantiles.of(
                new Quantile(0.05, seconds(range.low())),
                new Quantile(0.5, seconds(range.middle())),
                new Quantile(0.95, seconds(range.high()))))
        .labels(Labels.of("queue", queue))
        .build();
  }

  private static void journal(String queue, Journal journal, Family attempts, Family slotTime) {
    if (!journal.points().isEmpty()) {
      ProgressPoint last = journal.points().getLast();
      attempts.count(last.done(), "queue", queue, "outcome", "done");
      attempts.count(last.failed(), "queue", queue, "outcome", "failed");
      attempts.count(last.lost(), "queue", queue, "outcome", "lost");
    }
    if (journal.run() != null) {
      slotTime.add(seconds(journal.slotTime().useful()), "queue", queue, STATE, "useful");
      slotTime.add(seconds(journal.slotTime().retried()), "queue", queue, STATE, "retried");
      slotTime.add(seconds(journal.slotTime().lost()), "queue", queue, STATE, "lost");
      slotTime.add(seconds(journal.slotTime().idle()), "queue", queue, STATE, "idle");
    }
  }

  private static Map<String, Long> counts(QueueStatus.Counts counts) {
    return Map.of(
        "waiting", counts.waiting(),
        "leased", counts.leased(),
        "delayed", counts.delayed(),
        "done", counts.done(),
        "dead", counts.dead());
  }

  private static String word(QueueState state) {
    return switch (state) {
      case QueueState.Ready s -> "ready";
      case QueueState.NotYet s -> "not_yet";
      case QueueState.Paused s -> "paused";
      case QueueState.ResultsFull s -> "results_full";
      case QueueState.NeverFilled s -> "never_filled";
      case QueueState.Drained s -> "drained";
      case QueueState.Incomplete s -> "incomplete";
      case QueueState.Lost s -> "lost";
    };
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
