package dev.piecework.examples;

import dev.piecework.Item;
import dev.piecework.LeaseBatch;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.Settlement;
import dev.piecework.WorkQueue;
import java.util.List;
import java.util.stream.IntStream;

/** Many tiny items: a session ends a batch and leases the next in one round trip. */
public final class LeaseBatches {

  private LeaseBatches() {}

  public static void main(String[] args) {
    try (WorkQueue queue = WorkQueue.open(args[0], "lease-batches")) {
      queue.fill(IntStream.range(0, 1_000).mapToObj(i -> Item.of("item " + i)));

      long done = 0;
      try (Session session = queue.session(SessionInfo.local("summer", 1))) {
        LeaseBatch batch = session.lease(300);
        while (!batch.leases().isEmpty()) {
          List<Settlement> settlements =
              batch.leases().stream().<Settlement>map(Settlement::complete).toList();
          done += settlements.size();
          batch = session.step(settlements, 300);
        }
      }
      System.out.println(done + " done, drained: " + queue.isDrained());
    }
  }
}

/* Output:
1000 done, drained: true
*/
