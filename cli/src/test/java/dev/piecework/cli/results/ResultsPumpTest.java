package dev.piecework.cli.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.Item;
import dev.piecework.Keep;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.Result;
import dev.piecework.RunLostException;
import dev.piecework.WorkQueue;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@RedisPerTest
class ResultsPumpTest {

  /** After the run was seen to be drained, and before its results were read. */
  @Test
  void whatAnEmptyRedisDoesNotHaveIsNotTheEnd(TestRedis redis) throws Exception {
    QueueConfig config =
        QueueConfig.of(redis.uri(), "bag")
            .withSettings(QueueSettings.DEFAULTS.withKeep(Keep.RESULTS));
    List<String> taken = new ArrayList<>();
    ResultSink sink =
        new ResultSink() {
          @Override
          public void accept(Result result) {
            taken.add(result.id());
          }

          @Override
          public void settle() {}
        };
    try (WorkQueue queue = WorkQueue.open(config)) {
      queue.fill(Stream.of("a", "b").map(Item::of));
      ResultsPump pump = new ResultsPump(queue, sink, 0, false, notice -> {});
      queue.lease(Duration.ofMinutes(1)).orElseThrow().complete();
      assertThat(pump.take()).isEqualTo(1);
      queue.lease(Duration.ofMinutes(1)).orElseThrow().complete();
      assertThat(queue.isDrained()).isTrue();

      redis.jedis().flushAll();

      assertThatThrownBy(pump::takeAll)
          .isInstanceOf(RunLostException.class)
          .hasMessageContaining("had not been taken");
      assertThat(taken).containsExactly("1");
    }
  }
}
