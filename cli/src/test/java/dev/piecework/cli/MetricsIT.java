package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.testrun.Needs;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code --metrics-port}, with the jars that the launcher gives for it. */
class MetricsIT {

  private static final Pattern METRICS = Pattern.compile("GET /metrics on port (\\d+)");
  private static final Pattern HEALTH = Pattern.compile("GET /healthz on port (\\d+)");
  private static final Pattern LISTENING = Pattern.compile("\"Listening on\" address=(\\S+)");

  @RegisterExtension final Piecework piecework = new Piecework();

  private static String get(String url) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static String found(Pattern pattern, Piecework.Started process) throws Exception {
    await().atMost(Piecework.TIMEOUT).until(() -> pattern.matcher(process.err()).find());
    Matcher matcher = pattern.matcher(process.err());
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  @Test
  @Needs("prometheus")
  void aPrometheusFindsWhatAWorkerHasDone() throws Exception {
    piecework
        .here("fill", "q", "--attempts", "2", "--backoff", "10ms..10ms", "0", "0", "3")
        .expect(0);
    Piecework.Started worker =
        piecework.start(
            "work",
            "q",
            "--forever",
            "--metrics-port",
            "0",
            "--health-port",
            "0",
            "--sh",
            "exit $1");
    String port = found(METRICS, worker);
    assertThat(found(HEALTH, worker)).as("the same number, the same port").isEqualTo(port);
    Piecework.Started prometheus = prometheus(port, "");
    String address = found(LISTENING, prometheus);

    awaitValue(address, "sum(piecework_attempts_total{queue=\"q\",outcome=\"done\"})", "2");
    awaitValue(address, "sum(piecework_attempts_total{queue=\"q\",outcome=\"failed\"})", "2");
    awaitValue(address, "sum(piecework_item_duration_seconds_count)", "2");
    awaitValue(address, "count(piecework_slots{state=\"busy\"})", "1");
    awaitValue(address, "min(up)", "1");
    assertThat(get("http://127.0.0.1:" + port + "/healthz")).startsWith("heartbeat ");

    prometheus.signal("TERM");
    prometheus.end();
    worker.signal("TERM");
    worker.end().expect(143);
  }

  /** The one place that exports gauges of queues; it asks for its token. */
  @Test
  @Needs("prometheus")
  void aPrometheusFindsHowTheQueuesStandAtThePage() throws Exception {
    piecework.here("fill", "q", "a", "b", "c").expect(0);
    piecework.write("token", "a-token-that-nobody-guesses\n");
    Piecework.Started ui = piecework.start("ui", "--token-file", "token");
    ui.awaitErr("Ctrl-C ends it");
    String port = Integer.toString(URI.create(ui.out().strip()).getPort());
    Piecework.Started prometheus =
        prometheus(
            port, "authorization: {credentials_file: %s}".formatted(piecework.file("token")));
    String address = found(LISTENING, prometheus);

    awaitValue(address, "sum(piecework_queue_items{queue=\"q\",state=\"waiting\"})", "3");
    awaitValue(address, "sum(piecework_queue_state{queue=\"q\",state=\"ready\"})", "1");
    awaitValue(address, "min(up)", "1");

    prometheus.signal("TERM");
    prometheus.end();
    ui.signal("INT");
    ui.end().expect(130);
  }

  /**
   * One that scrapes this port, and answers: before it has read its own files it refuses to.
   *
   * @param more of how it does so
   */
  private Piecework.Started prometheus(String port, String more) throws Exception {
    piecework.write(
        "prometheus.yml",
        """
        global:
          scrape_interval: 1s
        scrape_configs:
          - job_name: piecework
            static_configs:
              - targets: ["127.0.0.1:%s"]
            %s
        """
            .formatted(port, more));
    Piecework.Started prometheus =
        piecework.startProgram(
            "prometheus",
            "--config.file=prometheus.yml",
            "--storage.tsdb.path=" + piecework.file("prometheus"),
            "--web.listen-address=127.0.0.1:0");
    prometheus.awaitErr("Server is ready to receive web requests");
    return prometheus;
  }

  private static void awaitValue(String address, String query, String value) {
    String url =
        "http://"
            + address
            + "/api/v1/query?query="
            + URLEncoder.encode(query, StandardCharsets.UTF_8);
    await()
        .atMost(Piecework.TIMEOUT)
        .untilAsserted(() -> {
          JsonNode answer = new JsonMapper().readTree(get(url));
          assertThat(answer.at("/data/result/0/value/1").asString()).as(query).isEqualTo(value);
        });
  }

  @Test
  void aPortThatIsTakenIsSaidBeforeAnythingIsBegun() throws Exception {
    piecework.here("fill", "q", "1").expect(0);
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = String.valueOf(taken.getLocalPort());

      var work = piecework.here("work", "q", "--metrics-port", port, "--", "true").expect(2);
      var run =
          piecework
              .here("run", "-q", "r", "--metrics-port", port, "--from", list(), "--", "true")
              .expect(2);

      assertThat(work.err()).contains("--metrics-port " + port).hasLineCount(1);
      assertThat(run.err()).contains("--metrics-port " + port).hasLineCount(1);
    }
    assertThat(piecework.here("status", "q", "-o", "json").expect(0).out())
        .contains("\"waiting\":1,\"leased\":0");
    assertThat(piecework.here("status", "-o", "json").out()).doesNotContain("\"r\"");
    assertThat(piecework.here("work", "q", "--metrics-port", "70000", "--", "true").expect(2).err())
        .contains("--metrics-port 70000 is not 0 to 65535");
  }

  private String list() throws Exception {
    return piecework.write("list", "a\nb\n").toString();
  }

  @Test
  void aRunShowsItsMetricsWhileItGoesOn() throws Exception {
    Piecework.Started run =
        piecework.start(
            "run",
            "-q",
            "r",
            "-p",
            "1",
            "--metrics-port=0",
            "--from",
            list(),
            "--sh",
            "until [ -e go ]; do sleep 0.1; done");
    String port = found(METRICS, run);

    await()
        .atMost(Piecework.TIMEOUT)
        .untilAsserted(() ->
            assertThat(get("http://127.0.0.1:" + port + "/metrics"))
                .contains("piecework_slots{queue=\"r\",state=\"busy\"} 1.0"));
    assertThat(get("http://127.0.0.1:" + port + "/metrics/deeper")).isEmpty();
    piecework.write("go", "");
    run.end().expect(0);
  }
}
