package dev.piecework.worker;

import dev.piecework.QueueConfig;
import dev.piecework.WorkQueue;

/** A worker process that is killed at once by the item {@code poison}. */
public final class DiesOfPoison {

  private DiesOfPoison() {}

  /** Takes the URI and the queue's name; exits 0 when drained, 9 when killed. */
  public static void main(String[] args) throws InterruptedException {
    try (WorkQueue queue = WorkQueue.open(QueueConfig.of(args[0], args[1]))) {
      WorkerEnd end =
          Worker.on(queue)
              .slots(2)
              .run(attempt -> {
                if (attempt.text().equals("poison")) {
                  Runtime.getRuntime().halt(9);
                }
                return Outcome.done();
              });
      System.exit(end instanceof WorkerEnd.Drained ? 0 : 3);
    }
  }
}
