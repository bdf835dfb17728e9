package dev.piecework.benchmarks;

import dev.piecework.WorkQueue;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Worker;
import java.time.Duration;

/** Workers that wait for what does not come. */
final class IdleWorkers {

  private IdleWorkers() {}

  /**
   * Starts so many, each with connections of its own, says so in a line, and waits to be killed.
   */
  static long hold(String redis, String queue, int workers) throws InterruptedException {
    for (int i = 0; i < workers; i++) {
      Worker.on(WorkQueue.open(redis, queue))
          .forever()
          .waitForFill(Duration.ofDays(1))
          .start(attempt -> Outcome.done());
    }
    System.out.println("{\"idle\": " + workers + "}");
    Thread.currentThread().join();
    return 0;
  }
}
