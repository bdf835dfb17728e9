package dev.piecework.cli.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.verb.Refusal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Answers {@code GET /healthz} for a liveness probe: 200 while the heartbeat lives, 503 when it has
 * stopped. It has stopped when Redis has confirmed none for the lease timeout and the time for
 * which Redis may be away: by then this worker has lost its leases, and should have ended by
 * itself.
 */
final class HealthPort implements AutoCloseable {

  private final HttpServer server;
  private final Duration most;
  private volatile Supplier<Duration> sinceHeard = () -> Duration.ZERO;

  /**
   * @param port 0 for any that is free
   * @throws Refusal when it is taken
   */
  HealthPort(int port, Duration most) {
    this.most = most;
    if (port < 0 || port > 65_535) {
      throw Refusal.usage("--health-port " + port + " is not 0 to 65535");
    }
    try {
      server = HttpServer.create(new InetSocketAddress(port), 0);
    } catch (IOException taken) {
      throw Refusal.usage("--health-port " + port + ": " + taken.getMessage(), taken);
    }
    server.createContext("/", this::answer);
    server.setExecutor(
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("health").factory()));
    server.start();
  }

  /** From now on the heartbeat is that of a worker. */
  void watch(Supplier<Duration> heartbeat) {
    sinceHeard = heartbeat;
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals("/healthz")) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      Duration since = sinceHeard.get();
      boolean alive = since.compareTo(most) <= 0;
      byte[] text =
          ("heartbeat " + Figures.time(since) + " ago\n").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(alive ? 200 : 503, text.length);
      exchange.getResponseBody().write(text);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
