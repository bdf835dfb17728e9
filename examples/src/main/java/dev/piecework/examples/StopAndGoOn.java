package dev.piecework.examples;

import dev.piecework.Item;
import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerEnd;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** A worker that is closed ends what is under way and gives back the rest, untried. */
public final class StopAndGoOn {

  private StopAndGoOn() {}

  public static void main(String[] args) throws InterruptedException {
    try (WorkQueue queue = WorkQueue.open(args[0], "stop-and-go-on")) {
      queue.fill(IntStream.range(0, 100).mapToObj(i -> Item.of("item " + i)));
      CountDownLatch ten = new CountDownLatch(10);
      RunningWorker worker =
          Worker.on(queue)
              .start(attempt -> {
                ten.countDown();
                return Outcome.done();
              });
      ten.await();
      worker.close();

      WorkerEnd end = Worker.on(queue).run(attempt -> Outcome.done());
      QueueStatus.Counts counts = queue.admin().status().counts();
      System.out.println(counts.done() + " done, " + counts.dead() + " dead");
      System.out.println(end instanceof WorkerEnd.Drained ? "drained" : "not drained");
    }
  }
}

/* Output:
100 done, 0 dead
drained
*/
