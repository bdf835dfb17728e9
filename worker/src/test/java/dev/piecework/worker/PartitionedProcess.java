package dev.piecework.worker;

import dev.piecework.FillOptions;
import dev.piecework.Item;
import dev.piecework.Keep;
import dev.piecework.Producer;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.WorkQueue;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process of its own on a queue in partitions: {@code fill URI QUEUE SOURCE ITEMS}, which adds
 * {@code SOURCE-1} and so on, or {@code work URI QUEUE}. It says when it is open.
 */
final class PartitionedProcess {

  static final QueueSettings SETTINGS =
      QueueSettings.DEFAULTS
          .withPartitions(16)
          .withKeep(Keep.RESULTS)
          .withLosses(1_000)
          .withLeaseTimeout(Duration.ofMillis(1_500));

  private PartitionedProcess() {}

  static WorkQueue open(String uri, String queue) {
    return WorkQueue.open(
        QueueConfig.of(uri, queue).withSettings(SETTINGS).withNotices(System.err::println));
  }

  public static void main(String[] args) throws InterruptedException {
    try (WorkQueue queue = open(args[1], args[2])) {
      if (args[0].equals("fill")) {
        fill(queue, args[3], Integer.parseInt(args[4]));
      } else {
        work(queue);
      }
    }
  }

  private static void fill(WorkQueue queue, String source, int items) {
    try (Producer producer = queue.produce(FillOptions.as(source))) {
      System.out.println("open");
      for (int i = 1; i <= items; i++) {
        producer.add(Item.of(source + "-" + i));
      }
      System.out.println("filled " + producer.finish());
    }
  }

  private static void work(WorkQueue queue) throws InterruptedException {
    AtomicInteger done = new AtomicInteger();
    RunningWorker worker =
        Worker.on(queue)
            .slots(2)
            .start(attempt -> {
              int so = done.incrementAndGet(); // the other slot goes on meanwhile
              if (so % 500 == 0) {
                System.out.println("done " + so);
              }
              Thread.sleep(0, 500_000); // not a wait: an item takes its time
              return Outcome.done(attempt.payload());
            });
    System.out.println("open");
    WorkerEnd end = worker.await();
    System.out.println("end " + end);
    System.exit(end instanceof WorkerEnd.Drained ? 0 : 3);
  }
}
