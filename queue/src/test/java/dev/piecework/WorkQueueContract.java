package dev.piecework;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every queue promises, whoever implements it: the parts of the contract extend this. */
public abstract class WorkQueueContract {

  static final Duration AT_ONCE = Duration.ZERO;

  QueueBench bench;
  WorkQueue queue;

  /** A queue of its own. */
  protected abstract QueueBench newBench();

  @BeforeEach
  void open() {
    bench = newBench();
    queue = bench.open();
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }
}
