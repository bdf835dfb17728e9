package dev.piecework.examples;

import dev.piecework.Item;
import dev.piecework.WorkQueue;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.WorkerListener;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Whoever wants to know what becomes of a worker listens to it. */
public final class ListenToAWorker {

  private ListenToAWorker() {}

  public static void main(String[] args) throws InterruptedException {
    try (WorkQueue queue = WorkQueue.open(args[0], "listen-to-a-worker")) {
      queue.fill(Stream.of("1", "2", "x").map(Item::of));
      LongAdder failed = new LongAdder();
      WorkerListener listener =
          new WorkerListener() {
            @Override
            public void attemptEnded(Attempt attempt, Outcome outcome, Duration took) {
              if (!(outcome instanceof Outcome.Done)) {
                failed.increment();
              }
            }

            @Override
            public void stopped(WorkerEnd end) {
              System.out.println(failed + " failed; " + (end instanceof WorkerEnd.Drained));
            }
          };
      Worker.on(queue)
          .listener(listener)
          .run(attempt -> attempt.text().equals("x") ? Outcome.bury("no number") : Outcome.done());
    }
  }
}

/* Output:
1 failed; true
*/
