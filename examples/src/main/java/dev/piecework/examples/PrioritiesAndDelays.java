package dev.piecework.examples;

import dev.piecework.Item;
import dev.piecework.Lease;
import dev.piecework.Priority;
import dev.piecework.WorkQueue;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** What is leased first: high, normal, low; a delayed item not before its time. */
public final class PrioritiesAndDelays {

  private PrioritiesAndDelays() {}

  public static void main(String[] args) {
    try (WorkQueue queue = WorkQueue.open(args[0], "priorities-and-delays")) {
      queue.fill(
          Stream.of(
              Item.of("low").withPriority(Priority.LOW),
              Item.of("normal"),
              Item.of("high").withPriority(Priority.HIGH),
              Item.of("in an hour").withDelay(Duration.ofHours(1))));

      Optional<Lease> lease = queue.lease(Duration.ZERO);
      while (lease.isPresent()) {
        System.out.println(lease.get().text());
        lease.get().complete();
        lease = queue.lease(Duration.ZERO);
      }
      System.out.println(queue.admin().status().counts().delayed() + " delayed");
    }
  }
}

/* Output:
high
normal
low
1 delayed
*/
