package dev.piecework.cli.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.FillOptions;
import dev.piecework.Item;
import dev.piecework.Producer;
import dev.piecework.QueueConfig;
import dev.piecework.WorkQueue;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits takes no more than a share of the memory that Redis may use. */
class RoomTest {

  private static final int BYTES = 2_000;

  /** The share of 20 MB is 2 MiB, which about 1,040 items of 2,000 bytes fill. */
  @Test
  @RedisPerTest(config = "maxmemory 20mb")
  void whoeverWorksItIsNotReadOnWhileATenthOfTheMemoryWaits(TestRedis redis) {
    List<String> said = new ArrayList<>();
    try (WorkQueue queue = WorkQueue.open(QueueConfig.of(redis.uri(), "q"))) {
      Room room = new Room(queue, Room.USUAL, said::add);

      assertThat(fill(queue, room)).isBetween(1_000, 1_041);
      assertThat(room.isThere()).isFalse();
      assertThat(said).hasSize(1);
      assertThat(said.getFirst())
          .contains("in queue 'q', about a tenth of Redis's memory (2")
          .contains("nobody works on it: piecework work q");

      long _ = queue.admin().purge();
      assertThat(fill(queue, room)).isBetween(900, 1_041);
      assertThat(said).hasSize(1);
    }
  }

  /** As far as there is room. */
  private static int fill(WorkQueue queue, Room room) {
    int count = 0;
    try (Producer producer = queue.produce(FillOptions.ANONYMOUS)) {
      while (room.isThere()) {
        Item item = Item.of(new byte[BYTES]);
        room.take(item);
        producer.add(item);
        producer.flush();
        count++;
      }
      var _ = producer.finish();
    }
    return count;
  }
}
