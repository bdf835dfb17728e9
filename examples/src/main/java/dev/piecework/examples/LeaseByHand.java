package dev.piecework.examples;

import dev.piecework.Item;
import dev.piecework.Lease;
import dev.piecework.WorkQueue;
import java.time.Duration;
import java.util.stream.Stream;

/** Without a worker: lease an item, and say how the lease ends. */
public final class LeaseByHand {

  private LeaseByHand() {}

  public static void main(String[] args) {
    try (WorkQueue queue = WorkQueue.open(args[0], "lease-by-hand")) {
      queue.fill(Stream.of("apple", "banana", "cherry").map(Item::of));

      Lease apple = queue.lease(Duration.ZERO).orElseThrow();
      apple.complete();
      Lease banana = queue.lease(Duration.ZERO).orElseThrow();
      banana.bury("not ripe"); // dead now: no attempt will ever help
      Lease cherry = queue.lease(Duration.ZERO).orElseThrow();
      cherry.release(); // given back untried

      System.out.println(queue.admin().status().counts());
    }
  }
}

/* Output:
Counts[waiting=1, leased=0, delayed=0, done=1, dead=1, external=0]
*/
