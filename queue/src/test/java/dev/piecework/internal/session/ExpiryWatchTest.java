package dev.piecework.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Bench;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.state.Reclaimer;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When a session looks for those that have expired. */
@RedisPerTest
class ExpiryWatchTest {

  private static ExpiryWatch expiryWatch(QueueClient client) {
    return new ExpiryWatch(new Reclaimer(client), false);
  }

  /**
   * Guards against heartbeats of a short lease timeout that each put the look off again: it never
   * came.
   */
  @Test
  void heartbeatsDoNotPutALookOff(TestRedis redis) {
    try (Bench bench = new Bench(redis.uri())) {
      ExpiryWatch expiryWatch = expiryWatch(bench.client());
      expiryWatch.noneFor(-5);
      long first = expiryWatch.dueNanos();
      for (int beat = 0; beat < 1_000; beat++) {
        expiryWatch.noneFor(-5 - beat);
        assertThat(expiryWatch.dueNanos()).isLessThanOrEqualTo(first);
      }
      assertThat(first).isLessThan(TimeUnit.MILLISECONDS.toNanos(700));
    }
  }

  @Test
  void nobodyLooksBeforeSomebodyMayHaveLapsed(TestRedis redis) {
    try (Bench bench = new Bench(redis.uri())) {
      ExpiryWatch expiryWatch = expiryWatch(bench.client());
      expiryWatch.noneFor(5_000);
      assertThat(expiryWatch.dueNanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(4_500));
      expiryWatch.look(); // nobody is there at all
      assertThat(expiryWatch.dueNanos()).isGreaterThan(TimeUnit.SECONDS.toNanos(5));
      expiryWatch.close();
      assertThat(expiryWatch.dueNanos()).isEqualTo(Long.MAX_VALUE);
    }
  }
}
