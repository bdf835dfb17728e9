package dev.piecework.cli.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.piecework.metrics.Scrape;
import dev.piecework.metrics.WorkerMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;

/**
 * Answers Prometheus with what one worker has done. The only class here that knows its library,
 * whose jars are there when {@code --metrics-port} is.
 */
final class MetricsPage implements HttpHandler {

  static final String PATH = "/metrics";

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final WorkerMetrics metrics;

  MetricsPage(String queue) {
    String version = MetricsPage.class.getPackage().getImplementationVersion();
    metrics = WorkerMetrics.in(registry, queue, version == null ? "development" : version);
  }

  WorkerMetrics metrics() {
    return metrics;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Scrape scrape = Scrape.of(registry, exchange.getRequestHeaders().getFirst("Accept"));
    exchange.getResponseHeaders().set("Content-Type", scrape.contentType());
    exchange.sendResponseHeaders(200, scrape.body().length);
    exchange.getResponseBody().write(scrape.body());
  }
}
