package dev.piecework.cli.backend;

import dev.piecework.cli.output.Figures;
import dev.piecework.estimate.EndEstimate;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * How many workers a run needs to end by a deadline, by the estimate of its end. Pure.
 *
 * @param deadline from the submit on
 * @param most workers at once
 */
public record DeadlineRule(Duration deadline, int most) {

  /** The end is to be expected so much before the deadline: workers take time to start. */
  private static final double EARLY = 0.9;

  /**
   * Fewer are worth stopping some when they are fewer by this part; what they hold is begun anew.
   */
  private static final double FEWER = 0.7;

  /** What ends so much later is no later: a range is not as exact as that. */
  private static final double NO_SOONER = 1.05;

  public DeadlineRule {
    if (!deadline.isPositive()) {
      throw new IllegalArgumentException("a deadline of " + Figures.time(deadline) + " is no time");
    }
    if (most < 1) {
      throw new IllegalArgumentException(most + " workers: at least one is needed");
    }
  }

  /**
   * The workers at an instant.
   *
   * @param wished how many there are to be
   * @param heard how many work
   * @param slots of those together
   * @param room how many the place can have at once
   */
  record Workers(int wished, int heard, int slots, int room) {}

  /**
   * What is to be done.
   *
   * @param workers how many there are to be
   * @param says why
   */
  record Choice(int workers, String says) {}

  /**
   * What follows from the estimate; empty where the number is right, or nothing can be said yet.
   *
   * @param elapsed since the submit
   * @param end with the slots that there are
   * @param withSlots the range with so many slots; asked for only where the estimate has one
   */
  Optional<Choice> choose(
      Workers workers,
      Duration elapsed,
      EndEstimate end,
      IntFunction<EndEstimate.Range> withSlots) {
    Duration left = deadline.minus(elapsed);
    int cap = Math.max(1, Math.min(most, workers.room));
    return switch (end) {
      case EndEstimate.NothingLeft nothing -> Optional.empty();
      case EndEstimate.Stalled stalled -> Optional.empty();
      case EndEstimate.TooEarly early -> tooEarly(workers, left, cap, early.atLeast());
      case EndEstimate.Range range -> byRange(workers, left, cap, withSlots);
      case EndEstimate.OrderMatters order -> byRange(workers, left, cap, withSlots);
    };
  }

  /** Only that it cannot end in time as it is, is known. */
  private static Optional<Choice> tooEarly(
      Workers workers, Duration left, int cap, Duration least) {
    if (least.compareTo(left) <= 0 || workers.wished >= cap) {
      return Optional.empty();
    }
    double needed =
        left.isPositive() ? 1.0 * workers.wished * least.toMillis() / left.toMillis() : cap;
    int more = (int) Math.clamp((long) Math.ceil(needed), workers.wished + 1L, cap);
    return Optional.of(
        new Choice(
            more,
            "too early for an estimate, but with "
                + workers.wished
                + " it takes "
                + Figures.time(least)
                + " at least, and "
                + time(left)
                + " are left"));
  }

  private Optional<Choice> byRange(
      Workers workers, Duration left, int cap, IntFunction<EndEstimate.Range> withSlots) {
    int slotsOfOne = Math.max(1, Math.round((float) workers.slots / Math.max(1, workers.heard)));
    Duration wanted = Duration.ofMillis(Math.max(0, Math.round(left.toMillis() * EARLY)));
    Duration soonest = withSlots.apply(cap * slotsOfOne).high();
    boolean inTime = soonest.compareTo(wanted) <= 0;
    // Where it cannot be in time more are of no use than end it about as soon as the most do.
    Duration aim = inTime ? wanted : Duration.ofMillis(Math.round(soonest.toMillis() * NO_SOONER));
    int choice = fewest(cap, pods -> withSlots.apply(pods * slotsOfOne).high().compareTo(aim) <= 0);
    boolean change = choice > workers.wished || (inTime && choice <= FEWER * workers.wished);
    if (!change) {
      return Optional.empty();
    }
    EndEstimate.Range range = withSlots.apply(choice * slotsOfOne);
    return Optional.of(
        new Choice(
            choice,
            "with "
                + Figures.count(choice, "pod")
                + " it ends in "
                + Figures.time(range.low())
                + " to "
                + Figures.time(range.high())
                + ", and "
                + time(left)
                + " are left"
                + (inTime
                    ? ""
                    : choice == cap
                        ? "; more are not to be had"
                        : "; more would not end it sooner")));
  }

  /** By halving, for more workers never take longer; all of them where no fewer are enough. */
  private static int fewest(int cap, IntPredicate enough) {
    int low = 1;
    int high = cap;
    while (low < high) {
      int middle = (low + high) / 2;
      if (enough.test(middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static String time(Duration left) {
    return left.isPositive() ? Figures.time(left) : "0s";
  }
}
