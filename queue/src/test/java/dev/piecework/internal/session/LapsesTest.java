package dev.piecework.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Bench;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.state.Reclaimer;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When a session looks for those that have lapsed. */
@RedisPerTest
class LapsesTest {

  private static Lapses lapses(QueueClient client) {
    return new Lapses(new Reclaimer(client), false);
  }

  /** Guards against heartbeats of a short lapse that each put the look off again: it never came. */
  @Test
  void heartbeatsDoNotPutALookOff(TestRedis redis) {
    try (Bench bench = new Bench(redis.uri())) {
      Lapses lapses = lapses(bench.client());
      lapses.noneFor(-5);
      long first = lapses.dueNanos();
      for (int beat = 0; beat < 1_000; beat++) {
        lapses.noneFor(-5 - beat);
        assertThat(lapses.dueNanos()).isLessThanOrEqualTo(first);
      }
      assertThat(first).isLessThan(TimeUnit.MILLISECONDS.toNanos(700));
    }
  }

  @Test
  void nobodyLooksBeforeSomebodyMayHaveLapsed(TestRedis redis) {
    try (Bench bench = new Bench(redis.uri())) {
      Lapses lapses = lapses(bench.client());
      lapses.noneFor(5_000);
      assertThat(lapses.dueNanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(4_500));
      lapses.look(); // nobody is there at all
      assertThat(lapses.dueNanos()).isGreaterThan(TimeUnit.SECONDS.toNanos(5));
      lapses.close();
      assertThat(lapses.dueNanos()).isEqualTo(Long.MAX_VALUE);
    }
  }
}
