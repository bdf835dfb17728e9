package dev.piecework.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.journal.ItemTimes;
import dev.piecework.journal.Journal;
import dev.piecework.journal.ProgressPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JournalMergerTest {

  /** Of a part whose points are each 5 s, from this millisecond on; it does 10 items in each. */
  private static Journal part(int first, int points) {
    List<ProgressPoint> all =
        IntStream.range(0, points)
            .mapToObj(i ->
                new ProgressPoint(
                    Instant.ofEpochMilli(first + 5_000L * i),
                    10L * i,
                    0,
                    0,
                    0,
                    Duration.ofSeconds(4L * i),
                    Duration.ofSeconds(5L * i)))
            .toList();
    return new Journal(
        "run",
        Instant.EPOCH,
        all,
        ItemTimes.NONE,
        Map.of(),
        List.of(),
        0,
        List.of(),
        List.of(),
        JournalReader.NONE.slotTime());
  }

  private static List<Long> gaps(List<ProgressPoint> points) {
    List<Long> gaps = new ArrayList<>();
    for (int i = 1; i < points.size(); i++) {
      gaps.add(Duration.between(points.get(i - 1).at(), points.get(i).at()).toMillis());
    }
    return gaps;
  }

  @Test
  void whatPartitionsAreToldInOneBeatIsOnePoint() {
    Journal merged = JournalMerger.merge(List.of(part(0, 20), part(1, 20), part(3, 20)));

    assertThat(merged.points()).hasSize(20);
    assertThat(gaps(merged.points())).allSatisfy(gap -> assertThat(gap).isEqualTo(5_000));
    assertThat(merged.points().getLast().done()).isEqualTo(3 * 190);
    assertThat(merged.points().get(1).slots()).isEqualTo(Duration.ofSeconds(15));
  }

  /** Workers whose beats fall anywhere: no interval is so short that it looks like a rate. */
  @Test
  void beatsThatFallAnywhereMakeIntervalsOfLength() {
    List<Journal> parts = IntStream.range(0, 8).mapToObj(i -> part(i * 611, 100)).toList();

    Journal merged = JournalMerger.merge(parts);

    assertThat(gaps(merged.points())).allSatisfy(gap -> assertThat(gap).isGreaterThan(600));
    assertThat(merged.points().getLast().done()).isEqualTo(8 * 990);
    assertThat(merged.points().size()).isBetween(40, 513);
  }
}
