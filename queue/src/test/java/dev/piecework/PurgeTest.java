package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** What is left in Redis when a queue has been purged. */
@RedisPerTest
final class PurgeTest {

  /**
   * Guards against the fingerprints of a source, a byte for each record, that stayed for a week.
   */
  @Test
  void aPurgeLeavesNothingButThatTheRunWasPurged(TestRedis redis) {
    Jedis jedis = redis.jedis();
    try (WorkQueue queue = WorkQueue.open(redis.uri(), "purged")) {
      try (Producer producer = queue.produce(FillOptions.as("input"))) {
        producer.add(Item.of("a"));
        producer.finish();
      }
      queue.fill(Stream.of(Item.of("b")));
      assertThat(jedis.keys("{purged}:prints:*")).hasSize(1); // of the one with a name
      queue.admin().purge();

      assertThat(jedis.keys("*purged*")).containsOnly("{purged}:runs");
    }
  }

  /** Guards against the results and journals of earlier runs, which stayed for their retention. */
  @Test
  void whatWasKeptOfEarlierRunsIsGoneToo(TestRedis redis) {
    Jedis jedis = redis.jedis();
    QueueSettings settings = QueueSettings.DEFAULTS.withKeep(Keep.RESULTS);
    try (WorkQueue queue =
        WorkQueue.open(QueueConfig.of(redis.uri(), "purged").withSettings(settings))) {
      for (int run = 0; run < 3; run++) {
        queue.fill(Stream.of(Item.of("a")));
        queue.lease(Duration.ofSeconds(10)).orElseThrow().complete(new byte[] {1});
        queue.admin().note("is", "in its journal");
        assertThat(queue.lease(Duration.ofSeconds(10))).isEmpty();
      }
      queue.fill(Stream.of(Item.of("b")));
      assertThat(jedis.keys("{purged}:results:*")).hasSize(3);
      assertThat(jedis.keys("{purged}:journal:*")).hasSize(3);

      queue.admin().purge();

      assertThat(jedis.keys("*purged*")).containsOnly("{purged}:runs");
    }
  }
}
