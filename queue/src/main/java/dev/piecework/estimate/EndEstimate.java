package dev.piecework.estimate;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * When a run ends, as far as that can be said. All times are from now, and of what is filled
 * already.
 */
public sealed interface EndEstimate {

  /** Nothing is left. */
  record NothingLeft() implements EndEstimate {}

  /**
   * Too few items are done, or too small a part of them.
   *
   * @param atLeast before this it cannot be expected to end
   */
  record TooEarly(Duration atLeast) implements EndEstimate {}

  /**
   * Nine of ten runs of which as much is known end in it.
   *
   * @param low of twenty runs one ends before
   * @param middle as many end before as after
   * @param high of twenty runs one ends after
   */
  record Range(Duration low, Duration middle, Duration high) implements EndEstimate {}

  /**
   * The times of items go with their place in the input, so that those that are done say little of
   * those that are left.
   *
   * @param ifNot the range if they did not: too early where times grow, too late where they fall
   * @param correlation of rank, from -1, where times fall, to 1, where they grow
   */
  record OrderMatters(Range ifNot, double correlation) implements EndEstimate {

    /** Whether the later items are the longer ones: a shuffled input would be told better. */
    public boolean grows() {
      return correlation > 0;
    }
  }

  /** It does not end as it stands. */
  record Stalled(Stall why, Duration since) implements EndEstimate {}

  /** Why a run stands still. */
  enum Stall {
    /** No worker is there that is heard. */
    NO_WORKER,
    /** Nothing is leased: the queue is paused, or its results are full. */
    NOTHING_IS_LEASED,
    /** Nothing has ended for much longer than attempts take. */
    NOTHING_ENDS
  }

  /** The range, where there is one. */
  default Optional<Range> range() {
    return switch (this) {
      case Range range -> Optional.of(range);
      case OrderMatters order -> Optional.of(order.ifNot());
      case NothingLeft nothing -> Optional.empty();
      case TooEarly early -> Optional.empty();
      case Stalled stalled -> Optional.empty();
    };
  }

  /** Which of these it is, in one word for programs: {@code too_early}. */
  default String word() {
    return switch (this) {
      case NothingLeft nothing -> "nothing_left";
      case TooEarly early -> "too_early";
      case Range range -> "range";
      case OrderMatters order -> "order_matters";
      case Stalled stalled -> stalled.why().name().toLowerCase(Locale.ROOT);
    };
  }

  /**
   * Its figures for programs, in seconds but for a correlation, by the names that JSON has for
   * them: {@code lowSeconds}, {@code middleSeconds} and {@code highSeconds} of a range, {@code
   * atLeastSeconds}, {@code sinceSeconds}, {@code correlation}.
   */
  default Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    range()
        .ifPresent(range -> {
          figures.put("lowSeconds", seconds(range.low()));
          figures.put("middleSeconds", seconds(range.middle()));
          figures.put("highSeconds", seconds(range.high()));
        });
    switch (this) {
      case TooEarly early -> figures.put("atLeastSeconds", seconds(early.atLeast()));
      case OrderMatters order ->
          figures.put("correlation", Math.round(order.correlation() * 100) / 100.0);
      case Stalled stalled -> figures.put("sinceSeconds", seconds(stalled.since()));
      case NothingLeft nothing -> {}
      case Range range -> {}
    }
    return figures;
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1_000.0;
  }
}
