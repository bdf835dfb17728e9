package dev.piecework.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Item;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.WorkQueue;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import dev.piecework.worker.Handler;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerEnd;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@RedisPerTest
@Tag("slow")
final class WorkerMetricsTest {

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final WorkerMetrics metrics = WorkerMetrics.in(registry, "bag", "1.2");

  private String scraped() {
    return new String(Scrape.of(registry, null).body(), StandardCharsets.UTF_8);
  }

  private WorkQueue open(TestRedis redis, QueueSettings settings) {
    return WorkQueue.open(QueueConfig.of(redis.uri(), "bag").withSettings(settings), metrics);
  }

  @Test
  void countsEachAttemptByItsOutcome(TestRedis redis) throws Exception {
    QueueSettings quick =
        QueueSettings.DEFAULTS
            .withAttempts(2)
            .withBackoff(Duration.ofMillis(1), Duration.ofMillis(2));
    try (WorkQueue queue = open(redis, quick)) {
      queue.fill(Stream.of("good", "good", "bad", "ugly").map(Item::of));
      Handler handler =
          attempt ->
              switch (attempt.text()) {
                case "bad" -> Outcome.retry("exit code 3");
                case "ugly" -> Outcome.bury("no use");
                default -> Outcome.done();
              };

      WorkerEnd end = Worker.on(queue).listener(metrics).run(handler);

      assertThat(end).isInstanceOf(WorkerEnd.Drained.class);
      assertThat(scraped())
          .contains(
              "piecework_attempts_total{outcome=\"done\",queue=\"bag\"} 2.0",
              "piecework_attempts_total{outcome=\"failed\",queue=\"bag\"} 2.0",
              "piecework_attempts_total{outcome=\"buried\",queue=\"bag\"} 1.0",
              "piecework_attempts_total{outcome=\"not_ready\",queue=\"bag\"} 0.0",
              "piecework_item_duration_seconds_count{queue=\"bag\"} 2",
              "piecework_lease_losses_total{queue=\"bag\"} 0.0",
              "piecework_build_info{version=\"1.2\"} 1")
          .containsPattern("piecework_redis_call_duration_seconds_count\\{queue=\"bag\"} [1-9]");
    }
  }

  @Test
  void knowsHowManySlotsAreBusyNow(TestRedis redis) throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch seen = new CountDownLatch(1);
    try (WorkQueue queue = open(redis, QueueSettings.DEFAULTS)) {
      queue.fill(Stream.of("1", "2").map(Item::of));
      RunningWorker worker =
          Worker.on(queue)
              .slots(3)
              .start(attempt -> {
                begun.countDown();
                seen.await();
                return Outcome.done();
              });
      metrics.watch(worker);
      begun.await();

      assertThat(scraped())
          .contains(
              "piecework_slots{queue=\"bag\",state=\"busy\"} 2.0",
              "piecework_slots{queue=\"bag\",state=\"idle\"} 1.0");
      seen.countDown();
      assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
    }
  }

  @Test
  void aLeaseThatWasLostIsCounted(TestRedis redis) throws Exception {
    try (WorkQueue queue = open(redis, QueueSettings.DEFAULTS)) {
      queue.fill(Stream.of(Item.of("1"), Item.of("2")));
      Handler lost =
          attempt -> {
            if (attempt.number() == 1 && attempt.text().equals("1")) {
              // Whoever holds an item of a queue that is removed has lost its lease.
              queue.admin().purge();
            }
            return Outcome.done();
          };
      assertThat(Worker.on(queue).listener(metrics).run(lost)).isNotNull();

      assertThat(scraped()).containsPattern("piecework_lease_losses_total\\{queue=\"bag\"} [1-9]");
    }
  }

  @Test
  void openMetricsIsGivenToWhoeverAsksForIt() {
    Scrape open = Scrape.of(registry, "application/openmetrics-text;version=1.0.0;q=0.5");
    assertThat(open.contentType()).startsWith("application/openmetrics-text; version=1.0.0");
    assertThat(new String(open.body(), StandardCharsets.UTF_8)).endsWith("# EOF\n");
    assertThat(Scrape.of(registry, "text/plain").contentType()).startsWith("text/plain");
  }
}
