package dev.piecework.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.StopEarly;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When a run is stopped: pure, played through many bags. */
class FailureEvidenceTest {

  private static final String CAUSE = "exit code 1, no such file P";

  private static FailureEvidence.Bag bag(long dead) {
    return new FailureEvidence.Bag(10_000, 9_000, dead, false);
  }

  private static boolean stops(long done, long attempts, int items, Map<String, Long> causes) {
    return new FailureEvidence(bag(0), done, attempts, items, causes)
        .against(StopEarly.auto())
        .isPresent();
  }

  @Test
  void everythingThatFailsForOneCauseStopsIt() {
    assertThat(stops(0, 30, 20, Map.of(CAUSE, 30L))).isTrue();
    assertThat(stops(0, 29, 20, Map.of(CAUSE, 29L))).as("too few attempts").isFalse();
    assertThat(stops(0, 90, 19, Map.of(CAUSE, 90L))).as("too few items").isFalse();
    assertThat(stops(1, 90, 20, Map.of(CAUSE, 90L))).as("one was done").isFalse();
    assertThat(stops(0, 100, 20, Map.of(CAUSE, 95L, "other", 5L))).isTrue();
    assertThat(stops(0, 100, 20, Map.of(CAUSE, 94L, "other", 6L))).as("causes").isFalse();
    assertThat(stops(0, 100, 20, Map.of())).isFalse();
  }

  @Test
  void whatHasEndedByItselfIsNotStopped() {
    FailureEvidence.Bag over = new FailureEvidence.Bag(30, 0, 30, false);
    FailureEvidence all = new FailureEvidence(over, 0, 30, 20, Map.of(CAUSE, 30L));
    assertThat(all.against(StopEarly.auto())).isEmpty();
    assertThat(all.against(StopEarly.parse("3"))).isEmpty();
    FailureEvidence.Bag more = new FailureEvidence.Bag(30, 0, 30, true);
    assertThat(new FailureEvidence(more, 0, 30, 20, Map.of(CAUSE, 30L)).against(StopEarly.auto()))
        .isPresent();
  }

  @Test
  void moreDeadItemsThanAreBorneStopIt() {
    for (String rule : List.of("100", "1%")) {
      assertThat(dead(100, rule)).isFalse();
      assertThat(dead(101, rule)).isTrue();
    }
    assertThat(dead(1, "0")).isTrue();
    assertThat(dead(5_000, "off")).isFalse();
    assertThat(dead(5_000, "auto")).isFalse();
  }

  private static boolean dead(long dead, String rule) {
    return new FailureEvidence(bag(dead), 50, 0, 0, Map.of())
        .against(StopEarly.parse(rule))
        .isPresent();
  }

  @Test
  void aShareIsOfAThousandAtLeastAsLongAsThereMayBeMore() {
    FailureEvidence first =
        new FailureEvidence(new FailureEvidence.Bag(20, 10, 5, true), 5, 0, 0, Map.of());
    assertThat(first.against(StopEarly.parse("10%"))).isEmpty();
    FailureEvidence all =
        new FailureEvidence(new FailureEvidence.Bag(20, 10, 5, false), 5, 0, 0, Map.of());
    assertThat(all.against(StopEarly.parse("10%"))).isPresent();
  }

  @Test
  void partitionsCountTogether() {
    FailureEvidence third = new FailureEvidence(bag(4), 0, 11, 11, Map.of(CAUSE, 11L));
    assertThat(third.against(StopEarly.auto())).isEmpty();
    assertThat(FailureEvidence.sum(List.of(third, third, third)).against(StopEarly.auto()))
        .isPresent();
    FailureEvidence works = new FailureEvidence(bag(4), 1, 0, 0, Map.of());
    assertThat(FailureEvidence.sum(List.of(third, third, third, works)).against(StopEarly.auto()))
        .isEmpty();
    assertThat(FailureEvidence.sum(List.of(third, third)).against(StopEarly.parse("7")))
        .isPresent();
  }

  /** All failures of one cause, which is the hardest case; up to 64 attempts end in any order. */
  @Test
  void oneInAThousandHealthyBagsIsStoppedAtMost() {
    int stopped = 0;
    int hopeless = 0;
    for (int seed = 0; seed < 1_000; seed++) {
      stopped += attemptsUntilStopped(0.05, new Random(seed)) > 0 ? 1 : 0;
      int attempts = attemptsUntilStopped(1, new Random(seed));
      hopeless += attempts >= FailureEvidence.ATTEMPTS && attempts <= 60 ? 1 : 0;
    }
    assertThat(stopped).isLessThanOrEqualTo(1);
    assertThat(hopeless).isEqualTo(1_000);
  }

  /** How many were made by then; 0 where it went through. */
  private static int attemptsUntilStopped(double failing, Random random) {
    int slots = 1 + random.nextInt(64);
    int left = 1_000;
    long done = 0;
    long failed = 0;
    Set<Integer> items = new HashSet<>();
    for (int attempt = 1; attempt <= 1_000; attempt++) {
      left--;
      if (random.nextDouble() >= failing) {
        done++;
        continue;
      }
      failed++;
      items.add(attempt - random.nextInt(Math.min(attempt, slots)));
      FailureEvidence.Bag bag = new FailureEvidence.Bag(1_000, left, 0, false);
      if (new FailureEvidence(bag, done, failed, items.size(), Map.of(CAUSE, failed))
          .against(StopEarly.auto())
          .isPresent()) {
        return attempt;
      }
    }
    return 0;
  }
}
