package dev.piecework.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.Item;
import dev.piecework.ItemState;
import dev.piecework.Keep;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.WorkQueue;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Worker;
import java.util.stream.Stream;

/**
 * The Java library in one page: fill a queue, handle its items, read the results. Takes the URL of
 * a Redis.
 */
public final class WordLengths {

  private WordLengths() {}

  public static void main(String[] args) throws InterruptedException {
    String redis = args.length > 0 ? args[0] : "redis://localhost";
    QueueSettings settings = QueueSettings.DEFAULTS.withKeep(Keep.RESULTS);
    QueueConfig config = QueueConfig.of(redis, "word-lengths").withSettings(settings);
    try (WorkQueue queue = WorkQueue.open(config)) {
      queue.fill(Stream.of("apple", "banana", "cherry", "").map(Item::of));

      Worker.on(queue)
          .slots(2)
          .run(attempt -> {
            String word = attempt.text();
            if (word.isEmpty()) {
              return Outcome.bury("no word, no length"); // no attempt will ever help
            }
            return Outcome.done((word + " has " + word.length() + " letters").getBytes(UTF_8));
          });

      queue.results().forEach(result -> System.out.println(new String(result.result(), UTF_8)));
      queue
          .admin()
          .items(ItemState.DEAD)
          .forEach(item -> System.out.println("item " + item.id() + " is dead: " + item.error()));
      queue.admin().purge();
    }
  }
}

/* Output, in any order:
apple has 5 letters
banana has 6 letters
cherry has 6 letters
item 4 is dead: no word, no length
*/
