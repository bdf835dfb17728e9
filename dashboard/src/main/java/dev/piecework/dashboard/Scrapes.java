package dev.piecework.dashboard;

import dev.piecework.QueueStatus;
import dev.piecework.metrics.QueueMetrics;
import dev.piecework.metrics.QueueMetrics.Reading;
import dev.piecework.metrics.Scrape;
import io.javalin.http.Context;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.List;

/**
 * How all queues stand, for Prometheus: by the watches that the pages have, so that a scrape reads
 * Redis no more often than a page does.
 */
final class Scrapes {

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Watches watches;

  Scrapes(Watches watches, String version) {
    this.watches = watches;
    QueueMetrics.register(registry, this::readings, version);
  }

  void answer(Context context) {
    Scrape scrape = Scrape.of(registry, context.header("Accept"));
    context.contentType(scrape.contentType()).result(scrape.body());
  }

  private List<Reading> readings() {
    List<Reading> readings = new ArrayList<>();
    for (QueueStatus status : watches.all()) {
      Snapshot snapshot = watches.of(status.queue()).snapshot();
      readings.add(new Reading(snapshot.status(), snapshot.journal()));
    }
    return readings;
  }
}
