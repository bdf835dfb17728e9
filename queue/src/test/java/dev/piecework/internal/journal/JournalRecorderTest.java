package dev.piecework.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Session.SlotTimes;
import dev.piecework.internal.journal.JournalRecorder.Ended;
import dev.piecework.journal.AttemptEnd;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class JournalRecorderTest {

  private static final Object[] NOTHING = {"w", 0L, 0L, 0L, 0L, 0L, "", "", 5};

  private final JournalRecorder recorder = new JournalRecorder(new SplittableRandom(11));

  @Test
  void whatEndedIsToldOnce() {
    recorder.ended(attempt("a", 500, AttemptEnd.DONE));
    recorder.ended(attempt("b", 700, AttemptEnd.FAILED));
    recorder.ended(attempt("c", 900, AttemptEnd.LOST));
    JournalPart part = recorder.take();
    part.slots(new SlotTimes(ofMillis(9), ofMillis(2), ofMillis(3), ofMillis(1)));
    assertThat(part.arguments("w", 5))
        .containsExactly(
            "w",
            6L,
            9L,
            2L,
            3L,
            3L,
            "66:1",
            "500\t1\ta",
            5,
            "1000\t500\t0\tD\ta",
            "1000\t700\t0\tF\tb",
            "1000\t900\t0\tL\tc");
    assertThat(recorder.take().arguments("w", 5)).containsExactly(NOTHING);
  }

  @Test
  void whoLeasesByHimselfIsBusyWithWhatHeLeases() {
    recorder.ended(attempt("a", 500, AttemptEnd.DONE));
    recorder.ended(attempt("b", 700, AttemptEnd.BURIED));
    JournalPart part = recorder.take();
    part.slotsUnknown();
    assertThat(part.arguments("w", 5).subList(1, 5)).containsExactly(1_200L, 1_200L, 500L, 700L);
  }

  @Test
  void whatCouldNotBeToldIsToldWithTheNext() {
    recorder.ended(attempt("a", 500, AttemptEnd.DONE));
    JournalPart untold = recorder.take();
    untold.slots(new SlotTimes(ofMillis(9), ofMillis(2), ofMillis(3), ofMillis(1)));
    recorder.ended(attempt("b", 500, AttemptEnd.DONE));
    recorder.giveBack(untold);
    List<Object> told = recorder.take().arguments("w", 5);
    assertThat(told.subList(0, 7)).containsExactly("w", 6L, 9L, 2L, 3L, 2L, "66:2");
    assertThat(told.subList(9, 11))
        .containsExactlyInAnyOrder("1000\t500\t0\tD\ta", "1000\t500\t0\tD\tb");
  }

  @Test
  void theSlowestAreToldWhateverTheirNumber() {
    for (int i = 1; i <= 10_000; i++) {
      recorder.ended(attempt("i" + i, i, AttemptEnd.DONE));
    }
    assertThat(recorder.take().arguments("w", 5).get(7).toString().lines())
        .hasSize(JournalPart.SLOWEST)
        .allMatch(line -> Long.parseLong(line.split("\t", -1)[0]) > 9_900);
  }

  @Test
  void theSampleIsBoundedAndOfAllTimes() {
    int all = 100_000;
    for (int i = 0; i < all; i++) {
      recorder.ended(new Ended("i" + i, 1, 0, i, 1, AttemptEnd.DONE));
    }
    List<Object> told = recorder.take().arguments("w", 5);
    List<Long> starts =
        told.subList(9, told.size()).stream()
            .map(line -> Long.parseLong(line.toString().split("\t", -1)[0]))
            .toList();
    assertThat(starts).hasSize(JournalPart.SAMPLED);
    // A quarter is expected of each quarter: 125, with a deviation of 10.
    for (int quarter = 0; quarter < 4; quarter++) {
      int from = quarter * all / 4;
      assertThat(starts.stream().filter(s -> s >= from && s < from + all / 4).count())
          .isBetween(75L, 175L);
    }
  }

  private static Duration ofMillis(long millis) {
    return Duration.ofMillis(millis);
  }

  private static Ended attempt(String id, long millis, AttemptEnd end) {
    return new Ended(id, 1, 0, 1_000, millis, end);
  }
}
