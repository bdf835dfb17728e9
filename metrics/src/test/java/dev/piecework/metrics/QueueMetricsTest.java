package dev.piecework.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.Item;
import dev.piecework.Lease;
import dev.piecework.QueueConfig;
import dev.piecework.WorkQueue;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerEnd;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@RedisPerTest
final class QueueMetricsTest {

  private final PrometheusRegistry registry = new PrometheusRegistry();

  private String scraped(WorkQueue... queues) {
    QueueMetrics.register(
        registry,
        () ->
            Stream.of(queues)
                .map(queue ->
                    new QueueMetrics.Reading(queue.admin().status(), queue.admin().journal()))
                .toList(),
        "1.2");
    return new String(Scrape.of(registry, null).body(), StandardCharsets.UTF_8);
  }

  @Test
  void saysHowEachQueueStands(TestRedis redis) throws Exception {
    try (WorkQueue one = WorkQueue.open(QueueConfig.of(redis.uri(), "one"));
        WorkQueue two = WorkQueue.open(QueueConfig.of(redis.uri(), "two"))) {
      one.fill(Stream.of("1", "2", "3").map(Item::of));
      Lease held = one.lease(Duration.ofSeconds(60)).orElseThrow();
      two.fill(Stream.of("good", "bad").map(Item::of));
      WorkerEnd end =
          Worker.on(two)
              .run(attempt ->
                  attempt.text().equals("bad") ? Outcome.bury("no use") : Outcome.done());
      assertThat(end).isInstanceOf(WorkerEnd.Drained.class);

      assertThat(scraped(one, two))
          .contains(
              "piecework_queue_items{queue=\"one\",state=\"waiting\"} 2.0",
              "piecework_queue_items{queue=\"one\",state=\"leased\"} 1.0",
              "piecework_queue_state{queue=\"one\",state=\"ready\"} 1.0",
              "piecework_queue_state{queue=\"one\",state=\"drained\"} 0.0",
              "piecework_queue_workers{queue=\"one\"} 1.0",
              "piecework_queue_items{queue=\"two\",state=\"done\"} 1.0",
              "piecework_queue_items{queue=\"two\",state=\"dead\"} 1.0",
              "piecework_queue_state{queue=\"two\",state=\"drained\"} 1.0",
              "piecework_queue_workers{queue=\"two\"} 0.0",
              "piecework_run_attempts_total{outcome=\"done\",queue=\"two\"} 1.0",
              "piecework_run_slot_seconds_total{queue=\"two\",state=\"useful\"}");
      held.release();
    }
  }

  @Test
  void aQueueThatWasPausedIsSeenToBe(TestRedis redis) {
    try (WorkQueue queue = WorkQueue.open(QueueConfig.of(redis.uri(), "one"))) {
      queue.fill(Stream.of(Item.of("1")));
      queue.admin().pause("a \"quoted\"\nreason");

      assertThat(scraped(queue))
          .contains("piecework_queue_state{queue=\"one\",state=\"paused\"} 1.0")
          .doesNotContain("quoted");
    }
  }

  @Test
  void whatCannotBeReadFailsTheScrape() {
    QueueMetrics.register(
        registry,
        () -> {
          throw new IllegalStateException("Redis is away");
        },
        "1.2");
    assertThatThrownBy(() -> Scrape.of(registry, null)).hasMessageContaining("Redis is away");
  }

  @Test
  void noQueueIsNoSeries() {
    assertThat(scraped()).doesNotContain("queue=");
  }
}
