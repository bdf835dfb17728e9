package dev.piecework.examples;

import dev.piecework.FillOptions;
import dev.piecework.Item;
import dev.piecework.Producer;
import dev.piecework.WorkQueue;

/**
 * A fill with a name is done once, however often it is run: after a crash it goes on where it
 * stopped.
 */
public final class FillOnce {

  private FillOnce() {}

  public static void main(String[] args) {
    try (WorkQueue queue = WorkQueue.open(args[0], "fill-once")) {
      for (int attempt = 1; attempt <= 2; attempt++) {
        try (Producer producer = queue.produce(FillOptions.as("orders-2026-11"))) {
          producer.add(Item.of("order 1"));
          producer.add(Item.of("order 2"));
          System.out.println("added " + producer.finish().added());
        }
      }
      System.out.println(queue.admin().status().counts().waiting() + " waiting");
    }
  }
}

/* Output:
added 2
added 0
2 waiting
*/
