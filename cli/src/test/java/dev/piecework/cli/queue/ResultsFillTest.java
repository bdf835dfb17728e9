package dev.piecework.cli.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.Item;
import dev.piecework.Keep;
import dev.piecework.QueueAdmin;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.ResultLog;
import dev.piecework.WorkQueue;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RedisPerTest
class ResultsFillTest {

  /** It was taken for one that somebody had fetched, and the fill was refused. */
  @Test
  void aResultThatComesJustAsItBeginsIsNotGone(TestRedis redis) throws Exception {
    QueueConfig one =
        QueueConfig.of(redis.uri(), "one")
            .withSettings(QueueSettings.DEFAULTS.withKeep(Keep.RESULTS));
    try (WorkQueue from = WorkQueue.open(one);
        WorkQueue into = WorkQueue.open(redis.uri(), "two")) {
      from.fill(Stream.of(Item.of("a"), Item.of("b")));
      WorkQueue busy =
          readSlowly(
              from,
              () -> from.lease(Duration.ofSeconds(10)).orElseThrow().complete(new byte[] {'x'}));

      assertThat(new ResultsFill(busy, into, UnaryOperator.identity(), notice -> {}).fill(null))
          .extracting(report -> report.added())
          .isEqualTo(1L);
    }
  }

  /** They were left out, and the fill said that it had given all. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void resultsThatOthersTakeAfterTheFirstLookAreMissed(long upTo, TestRedis redis) {
    QueueConfig one =
        QueueConfig.of(redis.uri(), "one")
            .withSettings(QueueSettings.DEFAULTS.withKeep(Keep.RESULTS));
    try (WorkQueue from = WorkQueue.open(one);
        WorkQueue into = WorkQueue.open(redis.uri(), "two")) {
      from.fill(Stream.of(Item.of("a"), Item.of("b")));
      for (int i = 0; i < 2; i++) {
        from.lease(Duration.ofSeconds(10)).orElseThrow().complete(new byte[] {'x'});
      }
      ResultLog log = from.admin().resultLogs().getFirst();

      WorkQueue taken = readSlowly(from, () -> log.dropUpTo(upTo));
      ResultsFill fill = new ResultsFill(taken, into, UnaryOperator.identity(), notice -> {});

      assertThatThrownBy(() -> fill.fill(null)).hasMessageContaining("not in Redis any more");
      assertThat(into.isDrained()).as("its source is open").isFalse();
    }
  }

  /** The same queue, in which something happens when the first look at its results is over. */
  private static WorkQueue readSlowly(WorkQueue queue, Runnable happens) {
    Runnable[] left = {happens};
    ResultLog log = queue.admin().resultLogs().getFirst();
    ResultLog slow =
        with(
            ResultLog.class,
            log,
            Map.of(
                "after",
                read -> {
                  Object results = read.get();
                  left[0].run();
                  left[0] = () -> {};
                  return results;
                }));
    WorkQueue[] itself = new WorkQueue[1];
    QueueAdmin admin =
        with(
            QueueAdmin.class,
            queue.admin(),
            Map.of("resultLogs", _ -> List.of(slow), "partitions", _ -> List.of(itself[0])));
    itself[0] = with(WorkQueue.class, queue, Map.of("admin", _ -> admin));
    return itself[0];
  }

  private interface Instead {
    Object of(Supplier<Object> call);
  }

  private static <T> T with(Class<T> type, T real, Map<String, Instead> instead) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Supplier<Object> call =
                  () -> {
                    try {
                      return method.invoke(real, arguments);
                    } catch (InvocationTargetException failed) {
                      throw new IllegalStateException(failed.getCause());
                    } catch (IllegalAccessException hidden) {
                      throw new IllegalStateException(hidden);
                    }
                  };
              Instead other = instead.get(method.getName());
              return other == null ? call.get() : other.of(call);
            }));
  }
}
