package dev.piecework.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.piecework.estimate.EndEstimate.OrderMatters;
import dev.piecework.estimate.EndEstimate.Range;
import dev.piecework.estimate.EndEstimate.Stall;
import dev.piecework.estimate.EndEstimate.Stalled;
import dev.piecework.estimate.EndEstimate.TooEarly;
import dev.piecework.journal.ItemTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class EndEstimatorTest {

  private static final Duration NONE = Duration.ZERO;

  /** So many done of a second each. */
  private static RunTimes seconds(long count, RunningAges... running) {
    ItemTimes done =
        count == 0 ? ItemTimes.NONE : new ItemTimes(Map.of(ItemTimes.bucketOf(1_000), count));
    return new RunTimes(done, Duration.ofSeconds(count), List.of(running), 0, NONE);
  }

  private static RunningAges running(long count, Duration age) {
    return new RunningAges(
        new ItemTimes(Map.of(ItemTimes.bucketOf(age.toMillis()), count)), Duration.ZERO);
  }

  private static EndEstimator estimator(RunTimes times, long over, long unfinished) {
    return new EndEstimator(times, new RemainingWork(over, unfinished, NONE), 1);
  }

  @Test
  void nothingIsLeft() {
    assertThat(estimator(seconds(50), 50, 0).end(4, List.of(), NONE))
        .isEqualTo(new EndEstimate.NothingLeft());
  }

  @Test
  void twentyItemsAndHalfOfAllAreNeededOrManyItems() {
    assertThat(estimator(seconds(19), 19, 10).end(4, List.of(), NONE)).isInstanceOf(TooEarly.class);
    assertThat(estimator(seconds(20), 20, 20).end(4, List.of(), NONE)).isInstanceOf(Range.class);
    assertThat(estimator(seconds(20), 20, 21).isEnough()).isFalse();
    assertThat(estimator(seconds(299), 299, 300).isEnough()).isFalse();
    assertThat(estimator(seconds(300), 300, 5_700).isEnough()).isTrue();
    assertThat(estimator(seconds(300), 300, 5_800).isEnough()).isFalse();
    EndEstimate early = estimator(seconds(20), 20, 400).end(4, List.of(), NONE);
    assertThat(((TooEarly) early).atLeast())
        .isBetween(Duration.ofSeconds(99), Duration.ofSeconds(100));
    // Of a kind of which none has ended: not before half is done.
    RunTimes outlasted = seconds(300, running(1, Duration.ofSeconds(3)));
    assertThat(estimator(outlasted, 300, 400).isEnough()).isFalse();
    assertThat(estimator(outlasted, 300, 300).isEnough()).isTrue();
    assertThat(estimator(seconds(300, running(1, Duration.ofSeconds(1))), 300, 400).isEnough())
        .isTrue();
    assertThat(estimator(seconds(0), 0, 400).end(4, List.of(), NONE))
        .isEqualTo(new TooEarly(Duration.ZERO));
  }

  @Test
  void beforeHalfOfTheItemsAWideRangeIsNotBelieved() {
    ItemTimes done =
        new ItemTimes(Map.of(ItemTimes.bucketOf(1_000), 299L, ItemTimes.bucketOf(1_000_000), 1L));
    RunTimes times = new RunTimes(done, Duration.ofSeconds(1_299), List.of(), 0, NONE);
    EndEstimator few = estimator(times, 300, 320);
    EndEstimator half = estimator(times, 300, 300);

    assertThat(few.isEnough()).isTrue();
    assertThat(few.isBelievable(few.range(200))).isFalse();
    assertThat(few.end(200, List.of(), NONE)).isInstanceOf(TooEarly.class);
    assertThat(half.isBelievable(half.range(200))).isTrue();
  }

  @Test
  void whereNothingIsDoneTheAgesBoundTheEnd() {
    RunTimes times = seconds(0, running(4, Duration.ofSeconds(60)));
    EndEstimate end = estimator(times, 0, 44).end(4, List.of(), NONE);
    assertThat(((TooEarly) end).atLeast().toSeconds()).isBetween(560L, 640L);
  }

  @Test
  void equalItemsHaveANarrowRange() {
    Range range = (Range) estimator(seconds(400), 400, 400).end(4, List.of(), NONE);
    assertThat(range.middle().toMillis()).isBetween(99_000L, 104_000L);
    assertThat(range.low()).isBetween(Duration.ofSeconds(97), range.middle());
    assertThat(range.high()).isBetween(range.middle(), Duration.ofSeconds(110));
  }

  @Test
  void oneThatOutlastsAllMakesTheEndUncertain() {
    Range range =
        (Range)
            estimator(seconds(100, running(1, Duration.ofSeconds(30))), 100, 1)
                .end(4, List.of(), NONE);
    assertThat(range.high()).isGreaterThan(Duration.ofSeconds(60));
  }

  @Test
  void attemptsThatFailAndComeBackTakeTime() {
    RunTimes half =
        new RunTimes(
            seconds(100).done(), Duration.ofSeconds(100), List.of(), 100, Duration.ofSeconds(100));
    Range range = estimator(half, 100, 400).range(4);
    assertThat(range.middle().toSeconds()).isBetween(185L, 215L);
  }

  @Test
  void whatIsDelayedEndsNotBeforeItIsDue() {
    RemainingWork rest = new RemainingWork(100, 1, Duration.ofHours(2));
    Range range = new EndEstimator(seconds(100), rest, 1).range(4);
    assertThat(range.low()).isBetween(Duration.ofHours(2), Duration.ofSeconds(7_202));
  }

  @Test
  void aStallIsSaidAndALongItemIsNone() {
    RunTimes times = seconds(100, running(4, Duration.ofMinutes(2)));
    assertThat(estimator(times, 100, 40).end(4, List.of(), Duration.ofMinutes(2)))
        .isEqualTo(new Stalled(Stall.NOTHING_ENDS, Duration.ofMinutes(2)));
    assertThat(estimator(times, 100, 40).end(4, List.of(), Duration.ofSeconds(59)))
        .isInstanceOf(Range.class);
    assertThat(estimator(times, 100, 40).end(0, List.of(), NONE))
        .isEqualTo(new Stalled(Stall.NO_WORKER, NONE));
  }

  @Test
  void aTrendIsSaid() {
    List<double[]> grows = new ArrayList<>();
    List<double[]> falls = new ArrayList<>();
    List<double[]> neither = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      grows.add(new double[] {i, 900 + i});
      falls.add(new double[] {i, 1_100 - i});
      neither.add(new double[] {i, 900 + i * 37 % 100});
    }
    EndEstimator estimator = estimator(seconds(400), 400, 400);
    assertThat(((OrderMatters) estimator.end(4, grows, NONE)).grows()).isTrue();
    assertThat(((OrderMatters) estimator.end(4, falls, NONE)).grows()).isFalse();
    assertThat(estimator.end(4, neither, NONE)).isInstanceOf(Range.class);
  }

  @Test
  void manyItemsAreSummedAndEndWhenFewWould() {
    SplittableRandom random = new SplittableRandom(7);
    Map<Integer, Long> counts = new HashMap<>();
    double sum = 0;
    for (int i = 0; i < 20_000; i++) {
      double millis = 1_000 * Math.exp(random.nextGaussian());
      counts.merge(ItemTimes.bucketOf((long) millis), 1L, Long::sum);
      sum += millis;
    }
    RunTimes times =
        new RunTimes(
            new ItemTimes(counts), Duration.ofMillis((long) sum), List.of(), 0, Duration.ZERO);
    // The work divided by the slots, up to what the last ones add: less than a minute.
    double work = sum / 20_000 * 1_000_000 / 50;
    Range range = estimator(times, 20_000, 1_000_000).range(50);
    assertThat((double) range.middle().toMillis()).isCloseTo(work, within(0.02 * work));
    assertThat((double) range.high().toMillis() - range.low().toMillis()).isLessThan(0.1 * work);
  }

  @Test
  void boundsAreThoseOfAnyOrder() {
    EndBounds bounds = estimator(seconds(100), 100, 400).bounds();
    assertThat(bounds.work().toSeconds()).isBetween(395L, 410L);
    assertThat(bounds.longest().toMillis()).isBetween(950L, 1_300L);
    assertThat(bounds.mostSlots()).isBetween(300L, 420L);
    assertThat(bounds.atLeast(4)).isEqualTo(bounds.work().dividedBy(4));
    assertThat(bounds.atLeast(1_000)).isEqualTo(bounds.longest());
    assertThat(bounds.atMost(4)).isGreaterThan(bounds.atLeast(4));
  }

  @Test
  void theSameSeedGivesTheSameAnswer() {
    assertThat(estimator(seconds(100), 100, 400).range(4))
        .isEqualTo(estimator(seconds(100), 100, 400).range(4));
  }
}
