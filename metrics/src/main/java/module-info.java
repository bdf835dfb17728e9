/** Metrics for Prometheus of workers and queues. */
@SuppressWarnings({
  "requires-automatic",
  "requires-transitive-automatic"
}) // they are no modules yet
module dev.piecework.metrics {
  exports dev.piecework.metrics;

  requires transitive dev.piecework.worker;
  requires transitive io.prometheus.metrics.model;
  requires io.prometheus.metrics.core;
  requires io.prometheus.writer.text; // as the exposition formats call themselves
  requires static org.jspecify;
}
