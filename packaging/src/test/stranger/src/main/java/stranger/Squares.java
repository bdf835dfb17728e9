package stranger;

import dev.piecework.bag.Bag;
import dev.piecework.bag.Codec;
import dev.piecework.bag.TypedQueue;
import dev.piecework.embedded.PrivateRedis;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Squares of numbers, on a real Redis of its own. */
public final class Squares {

  private Squares() {}

  public static int square(int number) {
    return number * number;
  }

  static Codec<Integer> numbers() {
    return Codec.text().map(Integer::valueOf, String::valueOf);
  }

  public static void main(String[] args) throws Exception {
    try (PrivateRedis redis = PrivateRedis.started();
        TypedQueue<Integer, Integer> queue =
            TypedQueue.open(redis.uri(), "squares", numbers(), numbers())) {
      Stream<Integer> all = IntStream.rangeClosed(1, 1_000).boxed();
      Bag.run(queue, all, (number, attempt) -> square(number));
      try (var results = queue.results()) {
        System.out.println(results.mapToInt(done -> done.result()).sum());
      }
    }
  }
}
