package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
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
    }
    assertThat(jedis.keys("*purged*")).containsOnly("{purged}:runs");
  }
}
