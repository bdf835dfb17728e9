package dev.piecework.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.journal.ItemTimes;
import dev.piecework.journal.Journal;
import dev.piecework.journal.SlotTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JournalJsonTest {

  /** Nothing has taken no time: 0 would be a figure. */
  @Test
  void withoutAnAttemptThereIsNoQuantile() {
    Duration none = Duration.ZERO;
    Journal empty =
        new Journal(
            null,
            null,
            List.of(),
            ItemTimes.NONE,
            Map.of(),
            List.of(),
            0,
            List.of(),
            List.of(),
            new SlotTime(none, none, none, none));
    assertThat(Json.object(json -> JournalJson.write(json, empty)))
        .contains("\"p50Seconds\":null,\"p95Seconds\":null,\"p99Seconds\":null");
  }
}
