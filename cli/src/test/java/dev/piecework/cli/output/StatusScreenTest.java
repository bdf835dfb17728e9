package dev.piecework.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.QueueStatus.Counts;
import dev.piecework.QueueStatus.OldestItem;
import dev.piecework.QueueStatus.ProducerState;
import dev.piecework.QueueStatus.ProducerView;
import dev.piecework.QueueStatus.SessionView;
import dev.piecework.SessionInfo;
import dev.piecework.cli.queue.SettingsOptions;
import dev.piecework.cli.verb.Columns;
import dev.piecework.journal.FailureGroup;
import dev.piecework.journal.ItemTimes;
import dev.piecework.journal.Journal;
import dev.piecework.journal.SlowItem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatusScreenTest {

  private static final Counts COUNTS = new Counts(500, 20, 1, 460, 19, 0);

  private static QueueStatus status(Counts counts, int workers) {
    return new QueueStatus(
        "job2",
        "r1",
        counts,
        new QueueState.Ready(),
        null,
        List.of(new ProducerView("scan", ProducerState.OPEN, 20, Duration.ofSeconds(2))),
        IntStream.range(0, workers)
            .mapToObj(i ->
                new SessionView(
                    "s" + i,
                    new SessionInfo("機械-" + i, 2, "here", 42, Instant.EPOCH),
                    2,
                    new OldestItem("item-" + i, 1, Duration.ofSeconds(i), i == 19),
                    Duration.ofMillis(1500),
                    false,
                    ItemTimes.NONE))
            .toList(),
        new QueueStatus.Pace(
            Instant.parse("2026-01-01T00:00:00Z"),
            null,
            12.34,
            Optional.of(Duration.ofSeconds(65)),
            Optional.of(Duration.ofMillis(64)),
            Optional.empty()),
        SettingsOptions.OURS,
        List.of());
  }

  private static Journal journal(int n) {
    Journal journal =
        FailureTextTest.journal(
            IntStream.range(0, n)
                .mapToObj(i -> FailureTextTest.group("cause " + "x".repeat(200) + i, 100 - i, 1))
                .toArray(FailureGroup[]::new));
    return new Journal(
        journal.run(),
        journal.began(),
        journal.points(),
        journal.times(),
        journal.timesByWorker(),
        IntStream.range(0, n)
            .mapToObj(i -> new SlowItem("slow" + i, 1, Duration.ofSeconds(99 - i), "w"))
            .toList(),
        0,
        journal.sample(),
        journal.groups(),
        journal.slotTime());
  }

  private static String plain(String line) {
    return line.replaceAll("\u001b\\[[0-9]+m", "");
  }

  @Test
  void itFitsIntoEverySize() {
    for (int columns = 1; columns < 120; columns += 13) {
      for (int rows = 1; rows < 60; rows += 7) {
        for (int n : new int[] {0, 1, 30}) {
          List<String> lines =
              StatusScreen.lines(
                  status(COUNTS, n), journal(n), "ends in 3 to 8 min", "q: leave", columns, rows);
          assertThat(lines).hasSizeLessThanOrEqualTo(rows);
          int most = columns;
          assertThat(lines).allMatch(line -> Columns.of(plain(line)) <= most);
        }
      }
    }
  }

  @Test
  void ofAllThereIsSomethingAndWhatIsLeftOutIsCounted() {
    List<String> lines =
        StatusScreen.lines(
                status(COUNTS, 20), journal(30), "ends in 3 to 8 min", "q: leave", 79, 24)
            .stream()
            .map(StatusScreenTest::plain)
            .toList();
    assertThat(lines).hasSize(24);
    assertThat(lines.getFirst()).startsWith("job2: working").endsWith("q: leave");
    assertThat(lines.get(1)).startsWith("[####").endsWith("]  47%");
    assertThat(lines.get(2))
        .isEqualTo("# 460 done  x 19 dead  > 20 leased  ~ 1 delayed  . 500 waiting  of 1,000");
    assertThat(lines.get(3)).startsWith("12.3/s, ends in 3 to 8 min");
    assertThat(lines).anyMatch(line -> line.startsWith("WORKER") && line.endsWith(" of 20)"));
    // Who has worked on one item for longest comes first, and is marked.
    assertThat(lines).anyMatch(line -> line.startsWith("機械-19") && line.contains("(19s) !"));
    assertThat(lines).anyMatch(line -> line.startsWith("FAILED") && line.endsWith(" of 30)"));
    assertThat(lines).anyMatch(line -> line.startsWith("1m39s") && line.contains("slow0"));
  }

  @Test
  void onASmallOneEachSubjectHasALine() {
    List<String> lines =
        StatusScreen.lines(
                status(COUNTS, 20), journal(30), "ends in 3 to 8 min", "q: leave", 39, 10)
            .stream()
            .map(StatusScreenTest::plain)
            .toList();
    assertThat(lines).hasSize(10);
    assertThat(lines).contains("30 failure groups", "30 slowest items");
    assertThat(lines.get(2)).isEqualTo("# 460 done  x 19 dead  > 20 leased");
    assertThat(lines.get(3)).isEqualTo("~ 1 delayed  . 500 waiting  of 1,000");
  }

  @Test
  void theFewHaveACellOfTheBar() {
    assertThat(StatusScreen.cells(10, 1_000_000, 1, 1, 0, 1)).containsExactly(7, 1, 1, 0, 1);
    assertThat(StatusScreen.cells(10, 0, 0, 0, 0, 0)).containsOnly(0);
    assertThat(StatusScreen.cells(10, 1, 1, 1, 0, 0)).containsExactly(4, 3, 3, 0, 0);
  }
}
