package dev.piecework.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.journal.FailureGroup;
import dev.piecework.journal.ItemTimes;
import dev.piecework.journal.Journal;
import dev.piecework.journal.SlotTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FailureTextTest {

  private static final Instant FIRST = Instant.parse("2026-11-27T14:05:01.250Z");

  static FailureGroup group(String cause, long attempts, long dead) {
    Map<String, Long> workers = new LinkedHashMap<>();
    workers.put("host7", attempts - 1);
    workers.put("", 1L);
    return new FailureGroup(
        FailureGroup.idOf(cause),
        cause,
        attempts,
        dead,
        FIRST,
        FIRST.plusSeconds(65),
        workers,
        "17",
        cause + "\nbad \u001b[2J 17\n");
  }

  static Journal journal(FailureGroup... groups) {
    return new Journal(
        "r",
        FIRST,
        List.of(),
        ItemTimes.NONE,
        Map.of(),
        List.of(),
        0,
        List.of(),
        List.of(groups),
        new SlotTime(
            Duration.ofMinutes(10), Duration.ofMinutes(5), Duration.ZERO, Duration.ofSeconds(3)));
  }

  private static String ending(long dead, FailureGroup... groups) {
    return new DeadCauses(List.of(groups)).text("q", dead);
  }

  @Test
  void theEndNamesTheBiggestCausesOfTheDead() {
    FailureGroup bad = group("exit code 3, bad N", 33, 11);
    assertThat(ending(11, bad, group("timeout", 5, 0)))
        .isEqualTo(", all: exit code 3, bad N (item 17); see piecework items q --group");
    assertThat(ending(1, group("timeout", 3, 1)))
        .isEqualTo(": timeout; see piecework items q --group");
    assertThat(ending(13, group("timeout", 90, 2), bad))
        .isEqualTo(
            ", 11 of 13: exit code 3, bad N (item 17); 2 of 13: timeout (item 17); see piecework"
                + " items q --group");
    // Those of an earlier run are in no group of this one.
    assertThat(ending(15, bad)).startsWith(", 11 of 15: exit code 3, bad N (item 17); see");
    assertThat(ending(20, bad, group("a", 1, 3), group("b", 1, 2), group("c", 1, 1)))
        .contains("11 of 20: ", "3 of 20: a", "2 of 20: b (item 17); 1 more cause; see")
        .doesNotContain(": c");
    assertThat(ending(2)).isEqualTo("; look with: piecework items q --state dead");
  }

  @Test
  void theStatusHasTheThreeBiggestGroupsAndTheSlotTime() {
    assertThat(
            FailureText.inStatus(
                "q",
                journal(group("a", 33, 11), group("b", 3, 1), group("c", 2, 0), group("d", 1, 0))))
        .containsExactly(
            "failures " + FailureGroup.idOf("a") + ": 33 attempts, 11 dead: a",
            "failures " + FailureGroup.idOf("b") + ": 3 attempts, 1 dead: b",
            "failures " + FailureGroup.idOf("c") + ": 2 attempts, 0 dead: c",
            "1 more group of failures: piecework items q --group",
            "slot time: 10m00s useful, 5m00s retried, 0ms lost or under way, 3s idle");
  }

  @Test
  void groupsAreATableWithTheirExample() {
    FailureGroup bad = group("exit code 3, bad N", 33, 11);
    List<String> lines = FailureText.table(List.of(bad), false);
    assertThat(lines)
        .containsExactly(
            "GROUP   ATTEMPTS  DEAD  CAUSE",
            bad.id() + "  33        11    exit code 3, bad N",
            "        item 17 and the like; 2026-11-27T14:05:01Z to 14:06:06Z; on host7 32, others 1");
    List<String> more = new ArrayList<>(lines);
    more.addAll(List.of("        | exit code 3, bad N", "        | bad \\x1b[2J 17"));
    assertThat(FailureText.table(List.of(bad), true)).isEqualTo(more);
  }
}
