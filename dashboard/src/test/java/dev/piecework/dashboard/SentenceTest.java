package dev.piecework.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.QueueSettings;
import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.QueueStatus.Counts;
import dev.piecework.QueueStatus.OldestItem;
import dev.piecework.QueueStatus.Pace;
import dev.piecework.QueueStatus.SessionView;
import dev.piecework.SessionInfo;
import dev.piecework.journal.FailureGroup;
import dev.piecework.journal.ItemTimes;
import dev.piecework.journal.Journal;
import dev.piecework.journal.SlotTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentenceTest {

  private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void whatIsUnderWayHasAPartAndAnEnd() {
    assertThat(
            Sentence.of(
                status(new QueueState.Ready(), counts(38, 1, 61, 0), Duration.ofMinutes(12)),
                journal(0),
                "ends in 3 to 8 min"))
        .isEqualTo("61 % done, ends in 3 to 8 min");
  }

  @Test
  void whatIsSlowAndWhatIsDeadIsSaid() {
    assertThat(
            Sentence.of(
                status(new QueueState.NotYet(Duration.ZERO), counts(0, 1, 87, 12), null),
                journal(100, group("exit code 3", 7), group("exit code 4", 5)),
                ""))
        .isEqualTo(
            "87 % done; 1 item has held the end for up to 1 h 2 min, where 95 % take 106 ms;"
                + " 12 dead of 2 kinds");
  }

  @Test
  void oneKindOfDeathIsNamed() {
    assertThat(
            Sentence.of(
                status(new QueueState.Drained("run", 8, 2), counts(0, 0, 8, 2), null),
                journal(0, group("exit code 3, bad N", 2)),
                ""))
        .isEqualTo("drained in 3 min 5 s, 8 done; 2 dead, all: exit code 3, bad N");
  }

  @Test
  void aPauseIsSaidBeforeAnEnd() {
    assertThat(
            Sentence.of(
                status(
                    new QueueState.Paused("lunch\nand more"),
                    counts(50, 0, 50, 0),
                    Duration.ofMinutes(1)),
                journal(0),
                ""))
        .isEqualTo("50 % done; paused: lunch");
  }

  @Test
  void whatNeverBeganAndWhatIsLost() {
    assertThat(
            Sentence.of(
                status(new QueueState.NeverFilled(), counts(0, 0, 0, 0), null), journal(0), ""))
        .isEqualTo("no item has been filled yet");
    assertThat(
            Sentence.of(
                status(
                    new QueueState.Incomplete(List.of("scan", "list")), counts(0, 0, 1, 0), null),
                journal(0),
                ""))
        .isEqualTo("incomplete: these producers vanished: scan, list");
  }

  @ParameterizedTest
  @CsvSource({
    "850, 850 ms",
    "12000, 12 s",
    "185000, 3 min 5 s",
    "7620000, 2 h 7 min",
    "356400000, 4 d 3 h"
  })
  void timesHaveTwoUnits(long millis, String text) {
    assertThat(Sentence.time(Duration.ofMillis(millis))).isEqualTo(text);
  }

  @Test
  void aTimeThatIsTooShortToBeKeptIsNotNone() {
    assertThat(Sentence.time(Duration.ofNanos(950_000))).isEqualTo("less than 1 ms");
    assertThat(Sentence.time(Duration.ZERO)).isEqualTo("0 ms");
  }

  private static Counts counts(long waiting, long leased, long done, long dead) {
    return new Counts(waiting, leased, 0, done, dead, 0);
  }

  private static QueueStatus status(
      QueueState state, Counts counts, @org.jspecify.annotations.Nullable Duration eta) {
    SessionView session =
        new SessionView(
            "s",
            new SessionInfo("w", 1, "host", 1, Instant.EPOCH),
            1,
            new OldestItem("17", 1, Duration.ofMinutes(62), true),
            Duration.ZERO,
            false,
            ItemTimes.NONE);
    return new QueueStatus(
        "q",
        "run",
        counts,
        state,
        state instanceof QueueState.Paused paused ? paused.reason() : null,
        List.of(),
        List.of(session),
        new Pace(
            BEGAN,
            state.isEnd() ? BEGAN.plusSeconds(185) : null,
            1,
            Optional.ofNullable(eta),
            Optional.empty(),
            Optional.empty()),
        QueueSettings.DEFAULTS,
        List.of());
  }

  private static FailureGroup group(String cause, long dead) {
    return new FailureGroup(
        FailureGroup.idOf(cause), cause, dead, dead, BEGAN, BEGAN, Map.of("w", dead), "1", "");
  }

  private static Journal journal(long done, FailureGroup... groups) {
    ItemTimes times =
        done == 0 ? ItemTimes.NONE : new ItemTimes(Map.of(ItemTimes.bucketOf(105), done));
    return new Journal(
        "run",
        BEGAN,
        List.of(),
        times,
        Map.of(),
        List.of(),
        done,
        List.of(),
        List.of(groups),
        new SlotTime(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO));
  }
}
