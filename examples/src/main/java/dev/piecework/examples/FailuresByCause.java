package dev.piecework.examples;

import dev.piecework.DeadItems;
import dev.piecework.Item;
import dev.piecework.WorkQueue;
import dev.piecework.journal.FailureGroup;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Worker;
import java.util.stream.IntStream;

/** The journal of a run groups failures by their cause; one group is requeued after the mend. */
public final class FailuresByCause {

  private FailuresByCause() {}

  public static void main(String[] args) throws InterruptedException {
    try (WorkQueue queue = WorkQueue.open(args[0], "failures-by-cause")) {
      queue.fill(IntStream.rangeClosed(1, 10).mapToObj(i -> Item.of("row " + i)));
      Worker.on(queue)
          .run(attempt ->
              attempt.text().endsWith("0")
                  ? Outcome.bury("no such file: /data/" + attempt.id())
                  : Outcome.bury("bad " + attempt.text()));

      for (FailureGroup group : queue.admin().journal().groups()) {
        System.out.println(group.dead() + " dead: " + group.cause());
      }
      FailureGroup first = queue.admin().journal().groups().getFirst();
      System.out.println(queue.admin().requeue(new DeadItems.InGroup(first.id())) + " requeued");
    }
  }
}

/* Output:
9 dead: bad row N
1 dead: no such file: P
9 requeued
*/
