package dev.piecework;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What every queue promises, wherever its Redis is: the parts of the contract extend this. */
@ParameterizedClass
@MethodSource("places")
abstract class WorkQueueContract {

  static final Duration AT_ONCE = Duration.ZERO;

  @Parameter ServedPlace place = Place.STANDALONE.here();
  Bench bench;
  WorkQueue queue;

  static List<ServedPlace> places() {
    return ServedPlace.all(Place.values());
  }

  @BeforeEach
  void open() {
    bench = new Bench(place::config);
    queue = bench.open();
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }
}
