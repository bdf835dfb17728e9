package dev.piecework.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.Item;
import dev.piecework.ItemState;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.WorkQueue;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Worker;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * A failed attempt is tried again after a back-off, and the item is dead when its attempts are used
 * up.
 */
public final class Retries {

  private Retries() {}

  public static void main(String[] args) throws InterruptedException {
    try (WorkQueue queue =
        WorkQueue.open(
            QueueConfig.of(args[0], "retries")
                .withSettings(
                    QueueSettings.DEFAULTS
                        .withAttempts(2)
                        .withBackoff(Duration.ofMillis(1), Duration.ofMillis(10))))) {
      queue.fill(Stream.of(Item.of("flaky"), Item.of("broken")));
      Worker.on(queue)
          .run(attempt -> {
            if (attempt.text().equals("flaky") && attempt.number() == 2) {
              return Outcome.done();
            }
            throw new IllegalStateException(
                "no luck"); // as Outcome.retry, with the trace as its reason
          });

      queue
          .admin()
          .items(ItemState.DEAD)
          .forEach(item ->
              System.out.println(
                  new String(item.payload(), UTF_8)
                      + " is dead after "
                      + item.attempts().failed()
                      + " attempts"));
      System.out.println(queue.admin().status().counts().done() + " done");
    }
  }
}

/* Output:
broken is dead after 2 attempts
1 done
*/
