package dev.piecework.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.journal.ItemTimes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BackupRuleTest {

  private static final Map<String, ItemTimes> NOBODY = Map.of();

  /** So many of so many milliseconds each. */
  private static ItemTimes times(long count, long millis) {
    return new ItemTimes(Map.of(ItemTimes.bucketOf(millis), count));
  }

  private static ItemTimes ofWorker(long count, long millis) {
    return new ItemTimes(Map.of(ItemTimes.bucketOf(millis) / 4 * 4, count));
  }

  private static LeaseElsewhere held(String worker, String id, long millis) {
    return new LeaseElsewhere("s-" + worker, worker, id, 1, Duration.ofMillis(millis));
  }

  private static List<String> ids(List<LeaseElsewhere> items) {
    return items.stream().map(LeaseElsewhere::id).toList();
  }

  @Test
  void ofAWorkerEightTimesAsSlowWhatHasJustBegunIsWorthIt() {
    Map<String, ItemTimes> each = Map.of("slow", ofWorker(3, 8_000), "fast", ofWorker(97, 1_000));
    BackupRule rule = new BackupRule(times(97, 1_000).plus(times(3, 8_000)), each);
    assertThat(rule.slowness("slow")).isBetween(4.0, 16.0);
    assertThat(rule.slowness("fast")).isBetween(0.5, 1.5);
    List<LeaseElsewhere> held =
        List.of(held("slow", "a", 2_000), held("slow", "b", 500), held("fast", "c", 900));
    assertThat(ids(rule.worthCopying(held, "idle"))).containsExactly("b", "a");
  }

  @Test
  void whatIsAlmostDoneIsNot() {
    Map<String, ItemTimes> each = Map.of("slow", ofWorker(5, 2_100), "fast", ofWorker(95, 1_000));
    BackupRule rule = new BackupRule(times(95, 1_000).plus(times(5, 2_100)), each);
    assertThat(rule.worthCopying(List.of(held("slow", "a", 1_500)), "idle")).isEmpty();
  }

  @Test
  void whatIsThreeTimesAsOldAsAlmostAllIsOnWhateverWorker() {
    BackupRule rule = new BackupRule(times(100, 1_000), Map.of("w", ofWorker(30, 1_000)));
    List<LeaseElsewhere> held = List.of(held("w", "young", 2_900), held("w", "old", 3_400));
    assertThat(ids(rule.worthCopying(held, "idle"))).containsExactly("old");
    assertThat(ids(rule.worthCopying(List.of(held("new", "old", 3_400)), "idle")))
        .containsExactly("old");
  }

  @Test
  void nothingIsCopiedBeforeTwentyAreDone() {
    List<LeaseElsewhere> old = List.of(held("w", "old", 100_000));
    assertThat(new BackupRule(times(19, 1_000), NOBODY).worthCopying(old, "idle")).isEmpty();
    assertThat(new BackupRule(times(20, 1_000), NOBODY).worthCopying(old, "idle")).hasSize(1);
    assertThat(new BackupRule(ItemTimes.NONE, NOBODY).worthCopying(old, "idle")).isEmpty();
  }

  @Test
  void notByTheSameWorkerNorByASlowOne() {
    Map<String, ItemTimes> each = Map.of("slow", ofWorker(3, 8_000), "fast", ofWorker(97, 1_000));
    BackupRule rule = new BackupRule(times(97, 1_000).plus(times(3, 8_000)), each);
    assertThat(rule.worthCopying(List.of(held("fast", "a", 60_000)), "fast")).isEmpty();
    assertThat(rule.worthCopying(List.of(held("fast", "a", 60_000)), "slow")).isEmpty();
  }

  /** Long by nature, on workers that are all alike: the far tail alone is started again. */
  @Test
  void ofItemsThatAreLongByNatureFewAre() {
    Map<Integer, Long> heavy = new HashMap<>();
    for (int i = 1; i <= 1_000; i++) { // Pareto, exponent 1.5
      heavy.merge(
          ItemTimes.bucketOf(Math.round(1_000 * Math.pow(i / 1_000.0, -1 / 1.5))), 1L, Long::sum);
    }
    BackupRule rule = new BackupRule(new ItemTimes(heavy), NOBODY);
    assertThat(rule.worthCopying(List.of(held("w", "a", 20_000)), "idle")).isEmpty();
    assertThat(rule.worthCopying(List.of(held("w", "a", 30_000)), "idle")).hasSize(1);
  }
}
