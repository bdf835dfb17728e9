package stranger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.piecework.Keep;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.WorkQueue;
import dev.piecework.bag.Bag;
import dev.piecework.bag.TypedQueue;
import dev.piecework.fake.FakeQueue;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SquaresTest {

  private static final QueueSettings KEEPING = QueueSettings.DEFAULTS.withKeep(Keep.RESULTS);

  private static int sumOfSquares(WorkQueue on) throws Exception {
    try (TypedQueue<Integer, Integer> queue =
        TypedQueue.of(on, Squares.numbers(), Squares.numbers())) {
      Bag.run(queue, Stream.of(1, 2, 3), (number, attempt) -> Squares.square(number));
      try (var results = queue.results()) {
        return results.mapToInt(done -> done.result()).sum();
      }
    }
  }

  @Test
  void inMemory() throws Exception {
    assertEquals(14, sumOfSquares(FakeQueue.named("squares", KEEPING)));
  }

  @Test
  @RedisPerTest
  void onARealRedis(TestRedis redis) throws Exception {
    assertEquals(14, sumOfSquares(WorkQueue.open(QueueConfig.of(redis.uri(), "squares").withSettings(KEEPING))));
  }
}
