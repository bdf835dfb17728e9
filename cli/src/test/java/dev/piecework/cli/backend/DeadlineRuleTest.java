package dev.piecework.cli.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.cli.backend.DeadlineRule.Choice;
import dev.piecework.cli.backend.DeadlineRule.Workers;
import dev.piecework.estimate.EndEstimate;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** How many workers a deadline needs. Pure. */
class DeadlineRuleTest {

  private static final DeadlineRule RULE = new DeadlineRule(Duration.ofMinutes(30), 50);
  private static final int NO_BOUND = Integer.MAX_VALUE;

  /** So many minutes of slots are left, and the longest item takes one. */
  private static IntFunction<EndEstimate.Range> left(double minutes) {
    return slots -> {
      double middle = Math.max(1, minutes / slots);
      return new EndEstimate.Range(minutes(0.8 * middle), minutes(middle), minutes(1.2 * middle));
    };
  }

  private static Duration minutes(double minutes) {
    return Duration.ofMillis(Math.round(minutes * 60_000));
  }

  private static Optional<Choice> choose(Workers workers, double elapsed, double left) {
    return RULE.choose(
        workers, minutes(elapsed), left(left).apply(Math.max(1, workers.slots())), left(left));
  }

  private static int pods(Workers workers, double elapsed, double left) {
    return choose(workers, elapsed, left).map(Choice::workers).orElse(0);
  }

  @Test
  void asManyAsEndATenthBeforeTheDeadlineByTheUpperEndOfTheRange() {
    // 27 min are to do: 1.2 * 270 / slots.
    assertThat(pods(new Workers(4, 4, 4, NO_BOUND), 0, 270)).isEqualTo(12);
    assertThat(pods(new Workers(4, 4, 8, NO_BOUND), 0, 270)).as("of two slots").isEqualTo(6);
    assertThat(pods(new Workers(12, 12, 12, NO_BOUND), 0, 270)).as("right").isZero();
    assertThat(pods(new Workers(12, 12, 12, NO_BOUND), 15, 270)).as("half the time").isEqualTo(24);
  }

  @Test
  void fewerOnlyWhenThatIsWorthStoppingSome() {
    assertThat(pods(new Workers(16, 16, 16, NO_BOUND), 0, 270)).isZero();
    assertThat(pods(new Workers(20, 20, 20, NO_BOUND), 0, 270)).isEqualTo(12);
  }

  @Test
  void neverMoreThanIsSaidAndThanThePlaceCanHave() {
    Choice most = choose(new Workers(4, 4, 4, NO_BOUND), 0, 10_000).orElseThrow();
    assertThat(most.workers()).isEqualTo(48);
    assertThat(most.says()).contains("with 48 pods", "are left", "more would not end it sooner");
    assertThat(pods(new Workers(4, 4, 4, 7), 0, 10_000)).isEqualTo(7);
    assertThat(pods(new Workers(50, 50, 50, NO_BOUND), 0, 10_000)).as("there already").isZero();
    assertThat(pods(new Workers(4, 4, 4, NO_BOUND), 31, 10_000)).as("too late").isEqualTo(48);
    assertThat(pods(new Workers(4, 4, 4, NO_BOUND), 29.5, 8)).as("no use").isEqualTo(8);
    assertThat(pods(new Workers(9, 9, 9, NO_BOUND), 29.5, 8)).as("nor stopped").isZero();
  }

  @Test
  void withoutAnEstimateOnlyWhatCannotDoIsRaised() {
    assertThat(early(10)).isZero();
    assertThat(early(60)).isEqualTo(8);
    assertThat(early(6_000)).isEqualTo(50);
    for (EndEstimate none :
        new EndEstimate[] {
          new EndEstimate.NothingLeft(),
          new EndEstimate.Stalled(EndEstimate.Stall.NO_WORKER, Duration.ZERO)
        }) {
      assertThat(RULE.choose(new Workers(4, 4, 4, NO_BOUND), Duration.ZERO, none, left(1)))
          .isEmpty();
    }
  }

  private static int early(double atLeast) {
    EndEstimate early = new EndEstimate.TooEarly(minutes(atLeast));
    return RULE.choose(new Workers(4, 4, 4, NO_BOUND), Duration.ZERO, early, left(1))
        .map(Choice::workers)
        .orElse(0);
  }

  /** What is estimated is wrong by up to a fifth at first, and pods need a minute to start. */
  @Test
  void aBagEndsInTimeAndWithFewPods() {
    for (int seed = 0; seed < 200; seed++) {
      java.util.Random random = new java.util.Random(seed);
      double work = 30 + random.nextInt(1_000);
      int wished = 1 + random.nextInt(50);
      double running = wished;
      double minute = 0;
      double paid = 0;
      double all = work;
      while (work > 0) {
        double wrong = 1 + (random.nextDouble() - 0.5) * 0.4 * work / all;
        Workers workers = new Workers(wished, (int) running, (int) running, NO_BOUND);
        wished =
            RULE.choose(workers, minutes(minute), left(1).apply(1), left(work * wrong))
                .map(Choice::workers)
                .orElse(wished);
        work -= running / 2;
        paid += running / 2;
        minute += 0.5;
        running = Math.min(wished, running + Math.ceil((wished - running) / 2.0));
      }
      assertThat(minute).as("seed %d", seed).isLessThanOrEqualTo(30);
      assertThat(paid).isLessThan(all + 50);
    }
  }

  @Test
  void whatIsNoDeadlineIsRefused() {
    assertThatThrownBy(() -> new DeadlineRule(Duration.ZERO, 5)).hasMessageContaining("deadline");
    assertThatThrownBy(() -> new DeadlineRule(Duration.ofMinutes(1), 0))
        .hasMessageContaining("0 workers");
  }
}
