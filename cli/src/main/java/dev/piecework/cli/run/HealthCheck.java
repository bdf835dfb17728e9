package dev.piecework.cli.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.piecework.cli.output.Figures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Answers a liveness probe: 200 while the heartbeat lives, 503 when it has stopped. It has stopped
 * when Redis has confirmed none for the lease timeout and the time for which Redis may be away: by
 * then this worker has lost its leases, and should have ended by itself.
 */
final class HealthCheck implements HttpHandler {

  static final String PATH = "/healthz";

  private final Duration most;
  private volatile Supplier<Duration> sinceHeard = () -> Duration.ZERO;

  HealthCheck(Duration most) {
    this.most = most;
  }

  /** From now on the heartbeat is that of a worker. */
  void watch(Supplier<Duration> heartbeat) {
    sinceHeard = heartbeat;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Duration since = sinceHeard.get();
    boolean alive = since.compareTo(most) <= 0;
    byte[] text = ("heartbeat " + Figures.time(since) + " ago\n").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(alive ? 200 : 503, text.length);
    exchange.getResponseBody().write(text);
  }
}
