package dev.piecework.examples;

import dev.piecework.Item;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.WorkQueue;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Worker;
import java.util.stream.IntStream;

/** A queue over several masters of a Cluster: filled, worked on and read as any other. */
public final class InPartitions {

  private InPartitions() {}

  public static void main(String[] args) throws InterruptedException {
    try (WorkQueue queue =
        WorkQueue.open(
            QueueConfig.of(args[0], "in-partitions")
                .withSettings(QueueSettings.DEFAULTS.withPartitions(4)))) {
      queue.fill(IntStream.range(0, 100).mapToObj(i -> Item.of("item " + i)));
      Worker.on(queue).slots(4).run(attempt -> Outcome.done());

      System.out.println(queue.admin().status().counts().done() + " done");
      System.out.println(queue.admin().partitions().size() + " partitions");
    }
  }
}

/* Output:
100 done
4 partitions
*/
