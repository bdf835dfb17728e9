package dev.piecework.worker;

import dev.piecework.QueueConfig;
import dev.piecework.WorkQueue;
import java.util.concurrent.CountDownLatch;

/** A worker process that says when it has begun its first item, and never ends it. */
public final class HoldsOneItem {

  private HoldsOneItem() {}

  /** Takes the URI and the queue's name. */
  public static void main(String[] args) throws InterruptedException {
    try (WorkQueue queue = WorkQueue.open(QueueConfig.of(args[0], args[1]))) {
      Worker.on(queue)
          .run(attempt -> {
            System.out.println("begun " + attempt.text());
            new CountDownLatch(1).await();
            return Outcome.done();
          });
    }
  }
}
