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
      // Where it is overdue already, it is due after the spread again.
      long latest = Math.max(first, TimeUnit.MILLISECONDS.toNanos(200));
      for (int beat = 0; beat < 1_000; beat++) {
        expiryWatch.noneFor(-5 - beat);
        assertThat(expiryWatch.dueNanos()).isLessThanOrEqualTo(latest);
      }
      assertThat(first).isLessThan(TimeUnit.MILLISECONDS.toNanos(700));
    }
  }

  @Test
  void nobodyLooksBeforeSomebodyMayHaveLapsed(TestRedis redis) {
    try (Bench bench = new Bench(redis.uri())) {
      ExpiryWatch expiryWatch = expiryWatch(bench.client());
      long begun = System.nanoTime();
      expiryWatch.noneFor(5_000);
      long due = expiryWatch.dueNanos();
      assertThat(System.nanoTime() - begun + due)
          .isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(5));
      expiryWatch.look(); // nobody is there at all
      assertThat(expiryWatch.dueNanos()).isGreaterThan(TimeUnit.SECONDS.toNanos(5));
      expiryWatch.close();
      assertThat(expiryWatch.dueNanos()).isEqualTo(Long.MAX_VALUE);
    }
  }
}
