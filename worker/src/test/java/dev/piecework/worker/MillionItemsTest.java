package dev.piecework.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.QueueSettings;
import dev.piecework.QueueStatus.Counts;
import dev.piecework.WorkQueue;
import java.io.BufferedReader;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The hot path in a small heap; prints what it cost. */
@Tag("slow")
class MillionItemsTest extends OnRedis {

  @Test
  void aMillionItemsAreDrainedIn128Megabytes() throws IOException, InterruptedException {
    WorkQueue queue = open(QueueSettings.DEFAULTS);
    fill(queue, 1_000_000);
    Process worker = java(NoOpDrain.class, redis.uri(), "bag", "2");
    try (BufferedReader out = worker.inputReader()) {
      String line = out.readLine();
      System.out.println(line);
      assertThat(line).startsWith("Drained[").contains("1000000 items in");
    }
    assertThat(worker.waitFor()).isZero();
    assertThat(counts(queue)).isEqualTo(new Counts(0, 0, 0, 1_000_000, 0, 0));
  }
}
