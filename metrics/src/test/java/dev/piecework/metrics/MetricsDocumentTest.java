package dev.piecework.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Item;
import dev.piecework.QueueConfig;
import dev.piecework.WorkQueue;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerEnd;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/metrics.md has each metric with its labels, and what deploy/ asks for is there. */
@RedisPerTest
final class MetricsDocumentTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern ROW =
      Pattern.compile("^\\| `(piecework_\\w+)` \\| (\\w+) \\| ([^|]*) \\|", Pattern.MULTILINE);
  private static final Pattern NAME = Pattern.compile("piecework_[a-z_]+");

  private static Map<String, Set<String>> documented() throws IOException {
    return ROW.matcher(Files.readString(ROOT.resolve("docs/metrics.md")))
        .results()
        .collect(
            Collectors.toMap(
                row -> row.group(1),
                row ->
                    Pattern.compile("\\w+")
                        .matcher(row.group(3))
                        .results()
                        .map(MatchResult::group)
                        .collect(Collectors.toCollection(TreeSet::new))));
  }

  @Test
  void eachMetricHasItsRowAndNoOther(TestRedis redis) throws Exception {
    PrometheusRegistry worker = new PrometheusRegistry();
    PrometheusRegistry queues = new PrometheusRegistry();
    WorkerMetrics metrics = WorkerMetrics.in(worker, "bag", "1");
    try (WorkQueue queue = WorkQueue.open(QueueConfig.of(redis.uri(), "bag"), metrics)) {
      queue.fill(Stream.of(Item.of("1")));
      WorkerEnd end = Worker.on(queue).listener(metrics).run(attempt -> Outcome.done());
      assertThat(end).isInstanceOf(WorkerEnd.Drained.class);
      QueueMetrics.register(
          queues,
          () -> List.of(new QueueMetrics.Reading(queue.admin().status(), queue.admin().journal())),
          "1");
      Map<String, Set<String>> shown = new TreeMap<>();
      for (PrometheusRegistry registry : List.of(worker, queues)) {
        String text = new String(Scrape.of(registry, null).body(), StandardCharsets.UTF_8);
        Pattern.compile("^# TYPE (\\w+) \\w+$", Pattern.MULTILINE)
            .matcher(text)
            .results()
            .forEach(type -> shown.put(type.group(1), new TreeSet<>()));
        registry.scrape().stream().forEach(metric -> put(shown, metric));
      }
      // A run that is over has no rest to wait for.
      shown.put("piecework_run_remaining_seconds", new TreeSet<>(Set.of("queue")));
      // The quantile is part of the type, for the library, and a label for Prometheus.
      shown.put("piecework_run_eta_seconds", new TreeSet<>(Set.of("queue", "quantile")));

      assertThat(shown).isEqualTo(new TreeMap<>(documented()));
    }
  }

  private static void put(Map<String, Set<String>> shown, MetricSnapshot metric) {
    Set<String> labels =
        metric.getDataPoints().stream()
            .map(DataPointSnapshot::getLabels)
            .flatMap(all -> all.stream().map(Label::getName))
            .collect(Collectors.toCollection(TreeSet::new));
    String name = metric.getMetadata().getName();
    shown.keySet().stream()
        .filter(known ->
            known.equals(name) || known.equals(name + "_total") || known.equals(name + "_info"))
        .findFirst()
        .ifPresent(known -> shown.put(known, labels));
  }

  @Test
  void noLabelNamesAnItemAKeyOrAWorker() throws IOException {
    assertThat(documented().values())
        .allSatisfy(labels ->
            assertThat(Set.of("queue", "outcome", "state", "quantile", "version"))
                .containsAll(labels));
  }

  @Test
  void whatDashboardAndAlertsAskForIsThere() throws IOException {
    Set<String> known = documented().keySet();
    for (String file :
        List.of(
            "deploy/grafana/dashboards/piecework.json",
            "deploy/prometheus/piecework.rules.yml",
            "deploy/prometheus/piecework.rules.test.yml")) {
      Set<String> asked =
          NAME.matcher(Files.readString(ROOT.resolve(file)))
              .results()
              .map(name -> name.group().replaceFirst("_(bucket|count|sum)$", ""))
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(asked).as(file).isNotEmpty().isSubsetOf(known);
    }
  }
}
