package dev.piecework;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every queue promises, wherever its Redis is: the parts of the contract extend this. */
@ParameterizedClass
@EnumSource(Place.class)
abstract class WorkQueueContract {

  static final Duration AT_ONCE = Duration.ZERO;

  @Parameter Place place = Place.STANDALONE;
  Bench bench;
  WorkQueue queue;

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
