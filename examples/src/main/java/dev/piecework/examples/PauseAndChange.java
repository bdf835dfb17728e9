package dev.piecework.examples;

import dev.piecework.Item;
import dev.piecework.WorkQueue;
import java.time.Duration;
import java.util.stream.Stream;

/** Who operates a queue pauses it and changes its settings while it is there. */
public final class PauseAndChange {

  private PauseAndChange() {}

  public static void main(String[] args) {
    try (WorkQueue queue = WorkQueue.open(args[0], "pause-and-change")) {
      queue.fill(Stream.of(Item.of("one")));
      queue.admin().pause("the disk is being replaced");
      System.out.println(queue.state());
      System.out.println(queue.lease(Duration.ZERO).isPresent());
      queue.admin().set("attempts", "5");
      queue.admin().resume();
      System.out.println(queue.lease(Duration.ZERO).isPresent());
      System.out.println(queue.admin().status().settings().attempts() + " attempts");
    }
  }
}

/* Output:
Paused[reason=the disk is being replaced]
false
true
5 attempts
*/
