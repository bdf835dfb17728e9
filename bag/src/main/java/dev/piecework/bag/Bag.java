package dev.piecework.bag;

import dev.piecework.FillOptions;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerEnd;
import java.util.stream.Stream;

/** A bag of work, from its first item to its last, in this process and any others that help. */
public final class Bag {

  private static final String SOURCE = "bag";

  private Bag() {}

  /**
   * Works on what is in the queue until it is drained, on as many slots as there are processors.
   */
  public static <T, R> WorkerEnd run(TypedQueue<T, R> queue, TypedHandler<T, R> handler)
      throws InterruptedException {
    return run(queue, Runtime.getRuntime().availableProcessors(), handler);
  }

  /**
   * Likewise, on so many slots.
   *
   * @return {@link WorkerEnd.Drained} if all is done or dead
   */
  public static <T, R> WorkerEnd run(TypedQueue<T, R> queue, int slots, TypedHandler<T, R> handler)
      throws InterruptedException {
    return Worker.on(queue.queue()).slots(slots).run(queue.handler(handler));
  }

  /**
   * Fills and works. Run again after it was broken off it goes on where it stopped, and adds
   * nothing twice; when the bag was done before it is done anew.
   *
   * @throws dev.piecework.FillRefusedException when the items are not those of the run that broke
   *     off
   */
  public static <T, R> WorkerEnd run(
      TypedQueue<T, R> queue, Stream<T> items, TypedHandler<T, R> handler)
      throws InterruptedException {
    queue.fill(FillOptions.as(SOURCE), items);
    return run(queue, handler);
  }
}
