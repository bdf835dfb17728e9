package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** A queue that the first version of the library has left is read, worked on and drained. */
@RedisPerTest
@Tag("slow")
class FirstFormatTest {

  private static void restore(Jedis jedis) throws IOException {
    try (var in =
        Objects.requireNonNull(FirstFormatTest.class.getResourceAsStream("first-format.txt"))) {
      for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
        if (!line.startsWith("#")) {
          String[] keyAndValue = line.split(" ", -1);
          jedis.restore(keyAndValue[0], 0, HexFormat.of().parseHex(keyAndValue[1]));
        }
      }
    }
  }

  @Test
  void whatItHeldIsDoneOrDead(TestRedis redis) throws Exception {
    restore(redis.jedis());
    try (WorkQueue queue = WorkQueue.open(redis.uri(), "old")) {
      assertThat(queue.admin().status().counts().total()).isEqualTo(9);
      assertThat(queue.settings().keep()).isEqualTo(Keep.RESULTS);
      assertThat(queue.results().map(result -> new String(result.result(), UTF_8)))
          .containsExactly("result");
      assertThat(queue.admin().items(ItemState.DEAD).map(ItemView::error))
          .containsExactly("no attempt will help");
      try (Session session = Bench.session(queue)) {
        for (int done = 0; done < 7; ) {
          LeaseBatch batch = session.lease(1);
          List<Lease> leases = batch.leases();
          assertThat(session.step(Bench.complete(leases), 0).refused()).isEmpty();
          done += leases.size();
          if (leases.isEmpty()) {
            var unused = queue.admin().status(); // whoever looks finds the session that died
            session.awaitChange(Duration.ofMillis(100));
          }
        }
      }
      assertThat(queue.state()).isEqualTo(new QueueState.Drained(queue.run().orElseThrow(), 8, 1));
      assertThat(queue.results().map(result -> new String(result.payload(), UTF_8)))
          .contains("leased", "named", "later", "low", "high", "released", "delayed");
      assertThat(queue.admin().requeue(new DeadItems.All())).isEqualTo(1);
      assertThat(queue.lease(Duration.ofSeconds(1))).map(Lease::text).contains("dead");
    }
  }
}
