package dev.piecework.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.cli.verb.Refusal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class HttpPortTest {

  private static final Duration MOST = Duration.ofSeconds(45);

  private final AtomicReference<Duration> heard = new AtomicReference<>(Duration.ZERO);

  private static int status(HttpPort port) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + port.port() + "/healthz");
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Test
  void isWellUntilNoHeartbeatWasConfirmedForTooLong() throws Exception {
    try (HttpPort port = new HttpPort("--health-port", 0)) {
      HealthCheck health = new HealthCheck(MOST);
      port.serve(HealthCheck.PATH, health);
      assertThat(status(port)).as("before the worker has begun").isEqualTo(200);
      health.watch(heard::get);

      heard.set(MOST);
      assertThat(status(port)).isEqualTo(200);
      heard.set(MOST.plusMillis(1));
      assertThat(status(port)).isEqualTo(503);
      heard.set(Duration.ofSeconds(1));
      assertThat(status(port)).as("when Redis is back").isEqualTo(200);
    }
  }

  @Test
  void aPortThatIsTakenIsSaid() {
    try (HttpPort first = new HttpPort("--health-port", 0)) {
      assertThatThrownBy(() -> new HttpPort("--health-port", first.port()))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("--health-port " + first.port());
    }
  }
}
