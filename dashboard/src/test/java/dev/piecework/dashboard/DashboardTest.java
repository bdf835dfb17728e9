package dev.piecework.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.WorkQueue;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;

class DashboardTest {

  @Test
  void servesTheChartsLibrary() throws Exception {
    Queues none =
        new Queues() {
          @Override
          public List<String> names() {
            return List.of();
          }

          @Override
          public WorkQueue open(String name) {
            throw new IllegalArgumentException(name);
          }
        };
    try (Dashboard dashboard =
            Dashboard.start(none, new DashboardConfig("127.0.0.1", 0, "test"));
        HttpClient client = HttpClient.newHttpClient()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + dashboard.port() + "/assets/uPlot.esm.js"))
                  .build(),
              BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("export");
    }
  }
}
