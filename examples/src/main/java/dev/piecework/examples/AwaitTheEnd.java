package dev.piecework.examples;

import dev.piecework.Item;
import dev.piecework.QueueState;
import dev.piecework.WorkQueue;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.Worker;
import java.time.Duration;
import java.util.stream.IntStream;

/** Wait for the end of a bag that others work on. */
public final class AwaitTheEnd {

  private AwaitTheEnd() {}

  public static void main(String[] args) throws InterruptedException {
    try (WorkQueue queue = WorkQueue.open(args[0], "await-the-end")) {
      queue.fill(IntStream.range(0, 50).mapToObj(i -> Item.of("item " + i)));
      RunningWorker others = Worker.on(queue).slots(2).start(attempt -> Outcome.done());

      QueueState end = queue.awaitEnd(Duration.ofMinutes(1));
      switch (end) {
        case QueueState.Drained drained ->
            System.out.println(drained.done() + " done, " + drained.dead() + " dead");
        case QueueState.Lost lost -> System.out.println("lost: " + lost.why());
        default -> System.out.println("not at its end: " + end);
      }
      System.out.println(others.await().getClass().getSimpleName());
    }
  }
}

/* Output:
50 done, 0 dead
Drained
*/
