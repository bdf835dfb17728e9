package dev.piecework.examples;

import dev.piecework.FillOptions;
import dev.piecework.Item;
import dev.piecework.Producer;
import dev.piecework.WorkQueue;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerEnd;

/** A queue is not drained while somebody is still filling it: workers wait for the rest. */
public final class FillWhileWorking {

  private FillWhileWorking() {}

  public static void main(String[] args) throws InterruptedException {
    try (WorkQueue queue = WorkQueue.open(args[0], "fill-while-working")) {
      try (Producer producer = queue.produce(FillOptions.as("scan"))) {
        producer.add(Item.of("first"));
        RunningWorker worker =
            Worker.on(queue)
                .start(attempt -> {
                  System.out.println("worked on " + attempt.text());
                  return Outcome.done();
                });
        producer.add(Item.of("second"));
        producer.finish();
        System.out.println(worker.await() instanceof WorkerEnd.Drained ? "drained" : "not drained");
      }
    }
  }
}

/* Output:
worked on first
worked on second
drained
*/
