package dev.piecework.drill.campaign;

import dev.piecework.WorkQueue;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Worker;
import java.io.IOException;

/** A worker process that never ends by itself, and is not killed: what it leaks adds up. */
public final class SoakWorker {

  private SoakWorker() {}

  /** Takes URI and queue. */
  public static void main(String[] args) throws InterruptedException {
    Thread.ofPlatform().daemon().start(SoakWorker::endWithParent);
    try (WorkQueue queue = WorkQueue.open(args[0], args[1])) {
      System.out.println(Worker.on(queue).slots(4).forever().run(attempt -> Outcome.done()));
    }
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException gone) {
      // just that
    }
    Runtime.getRuntime().halt(1);
  }
}
