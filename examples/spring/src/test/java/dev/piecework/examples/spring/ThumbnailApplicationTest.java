package dev.piecework.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.FillOptions;
import dev.piecework.Item;
import dev.piecework.QueueStatus;
import dev.piecework.Result;
import dev.piecework.WorkQueue;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The application is started, stopped in the middle, and started again. */
@RedisPerTest
@Tag("slow")
class ThumbnailApplicationTest {

  private static final int ITEMS = 10_000;

  private static ConfigurableApplicationContext start(TestRedis redis) {
    return new SpringApplication(ThumbnailApplication.class)
        .run(
            "--piecework.redis=" + redis.uri(),
            "--server.port=0",
            "--piecework.worker.grace=30s",
            "--spring.main.banner-mode=off",
            "--logging.level.root=warn");
  }

  private static String get(ConfigurableApplicationContext application, String path)
      throws Exception {
    String port = application.getEnvironment().getProperty("local.server.port");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
              BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void everyItemIsDoneOnceThoughItIsStoppedInTheMiddle(TestRedis redis) throws Exception {
    try (WorkQueue queue = WorkQueue.open(redis.uri(), "images")) {
      ConfigurableApplicationContext first = start(redis);
      try (var producer = queue.produce(FillOptions.as("images"))) {
        for (int i = 0; i < ITEMS; i++) {
          producer.add(Item.of("{\"path\":\"%d.png\",\"width\":%d}".formatted(i, i % 500)));
          if (i == ITEMS / 2) {
            producer.flush();
            while (queue.admin().status().counts().done() < ITEMS / 10) {
              queue.awaitEnd(Duration.ofMillis(5)); // the source is open, so it does not end
            }
            first.close();
          }
        }
        producer.finish();
      }
      final QueueStatus.Counts half = queue.admin().status().counts();
      assertThat(half.leased()).as("given back").isZero();
      assertThat(half.unfinished()).isGreaterThanOrEqualTo(ITEMS / 2 - 1);

      try (ConfigurableApplicationContext second = start(redis)) {
        assertThat(queue.awaitEnd(Duration.ofMinutes(5)).word()).isEqualTo("drained");
        assertThat(get(second, "/actuator/health"))
            .contains("\"status\":\"UP\"")
            .contains("\"queue images\":\"drained\"");
        assertThat(get(second, "/actuator/prometheus"))
            .contains("piecework_attempts_total{outcome=\"done\",queue=\"images\"}")
            .contains("piecework_item_duration_seconds_count{queue=\"images\"}")
            .contains("piecework_queue_items{queue=\"images\",state=\"dead\"} 20.0")
            .contains("piecework_slots{queue=\"images\",state=\"idle\"} 4.0");
      }
      List<String> ids = queue.results().map(Result::id).toList();
      assertThat(ids).hasSize(ITEMS - 20).doesNotHaveDuplicates();
      assertThat(IntStream.range(0, ITEMS).filter(i -> i % 500 == 0)).hasSize(20);
      assertThat(queue.admin().status().counts())
          .isEqualTo(new QueueStatus.Counts(0, 0, 0, ITEMS - 20, 20, 0));
    }
  }
}
