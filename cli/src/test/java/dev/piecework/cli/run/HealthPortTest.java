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

final class HealthPortTest {

  private static final Duration MOST = Duration.ofSeconds(45);

  private final AtomicReference<Duration> heard = new AtomicReference<>(Duration.ZERO);

  private static int status(HealthPort port) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + port.port() + "/healthz");
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Test
  void isWellUntilNoHeartbeatWasConfirmedForTooLong() throws Exception {
    try (HealthPort port = new HealthPort(0, MOST)) {
      assertThat(status(port)).as("before the worker has begun").isEqualTo(200);
      port.watch(heard::get);

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
    try (HealthPort first = new HealthPort(0, MOST)) {
      assertThatThrownBy(() -> new HealthPort(first.port(), MOST))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("--health-port " + first.port());
    }
  }
}
