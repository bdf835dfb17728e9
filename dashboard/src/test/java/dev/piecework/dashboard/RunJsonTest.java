package dev.piecework.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.journal.FailureGroup;
import dev.piecework.journal.ItemTimes;
import dev.piecework.journal.Journal;
import dev.piecework.journal.SlotTime;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RunJsonTest {

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
    assertThat(JsonText.object(json -> RunJson.journal(json, empty)))
        .contains("\"p50Seconds\":null,\"p95Seconds\":null,\"p99Seconds\":null");
  }

  @Test
  void aGroupHasItsWorkersAndItsExample() {
    Map<String, Long> workers = new LinkedHashMap<>();
    workers.put("host7", 2L);
    workers.put("", 1L);
    FailureGroup bad =
        new FailureGroup(
            FailureGroup.idOf("bad N"),
            "bad N",
            3,
            1,
            Instant.parse("2026-11-27T14:05:01.250Z"),
            Instant.parse("2026-11-27T14:06:06.250Z"),
            workers,
            "17",
            "bad N\nbad \033[2J 17\n");
    assertThat(JsonText.object(json -> RunJson.group(json, bad)))
        .isEqualTo(
            ("{'id':'"
                    + bad.id()
                    + "','cause':'bad N','attempts':3,'dead':1,"
                    + "'first':'2026-11-27T14:05:01.250Z','last':'2026-11-27T14:06:06.250Z',"
                    + "'workers':{'host7':2,'':1},'exampleId':'17',"
                    + "'example':'bad N\\nbad \\u001B[2J 17\\n'}")
                .replace('\'', '"'));
  }
}
