package dev.piecework.drill;

import dev.piecework.FillOptions;
import dev.piecework.Item;
import dev.piecework.Producer;
import dev.piecework.QueueConfig;
import dev.piecework.RedisRefusesException;
import dev.piecework.WorkQueue;
import dev.piecework.drill.history.HistoryFile;
import java.nio.file.Path;

/** The producer process of a drill: killed and started again it goes on where it stopped. */
public final class DrillProducer {

  private static final int AT_ONCE = 200;

  private DrillProducer() {}

  /**
   * Takes queue, history file, what the queue is like, how many items, and how many in a second.
   */
  public static void main(String[] args) throws Exception {
    JavaProcess.endWithParent();
    Place place = Place.inEnvironment(System.getenv());
    Path file = Path.of(args[1]);
    long items = Long.parseLong(args[3]);
    long pauseMillis = Math.round(1_000.0 * AT_ONCE / Double.parseDouble(args[4]));
    QueueConfig config =
        place.queue(
            args[0],
            DrillQueue.ofWord(args[2]),
            notice -> System.out.println(file.getFileName() + ": " + notice));
    try (HistoryFile history = HistoryFile.create(file);
        WorkQueue queue = WorkQueue.open(config, history);
        Producer producer = queue.produce(FillOptions.as("drill"))) {
      for (long i = 1; i <= items; i++) {
        producer.add(Item.of("item " + i));
        if (i % AT_ONCE == 0 && i > producer.resumedAt()) {
          producer.flush();
          Thread.sleep(pauseMillis);
        }
      }
      System.out.println(file.getFileName() + ": " + producer.finish());
    } catch (RedisRefusesException full) {
      System.out.println(file.getFileName() + ": " + full.getMessage());
      System.exit(74);
    }
    System.exit(0);
  }
}
