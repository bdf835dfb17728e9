package dev.piecework.estimate;

import dev.piecework.journal.ItemTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * When slots come to the end of what is left, by many draws of how long items take. Pure: the same
 * seed gives the same answer.
 */
public final class EndEstimator {

  /** With fewer finished items there is no range. */
  public static final int FEWEST = 20;

  /** From this part of all on there is one, however long what runs has run. */
  public static final double PART = 0.5;

  /**
   * From so many on there is one before: what none of them was is one of a hundred at most, with 95
   * % (the rule of three). Fewer tell nothing of the few items that take as long as all others.
   */
  public static final int MANY = 300;

  /** The part of all that even many must be: the first ones are not like the others for sure. */
  public static final double LEAST_PART = 0.05;

  /**
   * An attempt that is so many times older than the longest that ended is of a kind of which none
   * has ended: before half of the items nobody knows how long those take, nor how many there are.
   */
  private static final int OUTLASTS = 2;

  /**
   * Before half of the items a range that is wider, from its low end to so many times that, is not
   * given: it says little, and of such bags too many end outside.
   */
  public static final int WIDE = 3;

  /** So many times the longest time of an attempt: then nothing is expected to end any more. */
  private static final int SILENT = 5;

  private static final Duration LEAST_SILENCE = Duration.ofMinutes(1);

  private static final int MOST_DRAWS = 120;
  private static final int FEWEST_DRAWS = 60;

  /** Items scheduled singly, over all draws: some ms of a processor. */
  private static final int SCHEDULED = 36_000;

  /** Buckets know times and ages to a tenth: so does the range. */
  private static final double UNSURE = 0.1;

  /**
   * The part of the draws that is left out at either end. All draws take what was seen for typical;
   * in bags that were simulated nine of ten ends are in a range that leaves out this much of them.
   */
  private static final double OUTSIDE = 0.03;

  private final RunTimes times;
  private final RemainingWork rest;
  private final long seed;
  private final long[] done = new long[ItemTimes.LAST_BUCKET + 1];
  private final long[] censored = new long[ItemTimes.LAST_BUCKET + 1];
  private final double scale;

  public EndEstimator(RunTimes times, RemainingWork rest, long seed) {
    this.times = times;
    this.rest = rest;
    this.seed = seed;
    times.done().counts().forEach((bucket, count) -> done[bucket] = count);
    for (RunningAges of : times.running()) {
      of.ages().counts().forEach((bucket, count) -> censored[bucket] += count);
    }
    this.scale = scale(times);
  }

  // The buckets know the mean to a few percent, the sum knows it exactly.
  private static double scale(RunTimes times) {
    double sum = 0;
    for (Map.Entry<Integer, Long> bucket : times.done().counts().entrySet()) {
      sum += bucket.getValue() * SurvivalDraw.middle(bucket.getKey());
    }
    double half = Math.sqrt(ItemTimes.RATIO);
    return sum == 0 ? 1 : Math.clamp(times.doneTogether().toMillis() / sum, 1 / half, half);
  }

  /**
   * When it ends, with so many slots.
   *
   * @param pairs of place and time, of some items that are done
   * @param silence for how long nothing has ended, while something is under way
   */
  public EndEstimate end(int slots, List<double[]> pairs, Duration silence) {
    if (rest.unfinished() == 0) {
      return new EndEstimate.NothingLeft();
    }
    if (slots == 0) {
      return new EndEstimate.Stalled(EndEstimate.Stall.NO_WORKER, silence);
    }
    if (isSilent(silence)) {
      return new EndEstimate.Stalled(EndEstimate.Stall.NOTHING_ENDS, silence);
    }
    if (!isEnough()) {
      return new EndEstimate.TooEarly(atLeast(slots));
    }
    double correlation = Trend.rankCorrelation(pairs);
    EndEstimate.Range range = range(slots);
    if (!isBelievable(range)) {
      return new EndEstimate.TooEarly(atLeast(slots));
    }
    return Trend.isOne(correlation, pairs.size())
        ? new EndEstimate.OrderMatters(range, correlation)
        : range;
  }

  private boolean isSilent(Duration silence) {
    double longest =
        times.done().count() == 0
            ? Double.POSITIVE_INFINITY
            : ItemTimes.upperMillis(SurvivalDraw.last(done));
    return silence.compareTo(LEAST_SILENCE) >= 0 && silence.toMillis() > SILENT * longest;
  }

  /** Whether enough is known for a range. */
  public boolean isEnough() {
    long known = times.done().count();
    return known >= FEWEST
        && (part() >= PART || (known >= MANY && part() >= LEAST_PART && !isOutlasted()));
  }

  /** Whether this range of this estimator is one that {@link #end} would give. */
  public boolean isBelievable(EndEstimate.Range range) {
    return isEnough()
        && (part() >= PART || range.high().compareTo(range.low().multipliedBy(WIDE)) <= 0);
  }

  private double part() {
    return rest.over() / (double) (rest.over() + rest.unfinished());
  }

  private boolean isOutlasted() {
    if (times.underWay() == 0) {
      return false;
    }
    int oldest = SurvivalDraw.last(censored);
    return ItemTimes.lowerMillis(oldest)
        > OUTLASTS * ItemTimes.upperMillis(SurvivalDraw.last(done));
  }

  /**
   * The range, for so many slots, of which those that are busy go on with what they do.
   *
   * @throws IllegalStateException when no item is done
   */
  public EndEstimate.Range range(int slots) {
    requireTimes();
    double[] ends = ends(slots);
    double unsure = UNSURE * times.doneTogether().toMillis() / times.done().count();
    return new EndEstimate.Range(
        at(ends, OUTSIDE, -unsure), at(ends, 0.5, 0), at(ends, 1 - OUTSIDE, unsure));
  }

  private static Duration at(double[] sorted, double part, double more) {
    double place = part * (sorted.length - 1);
    int below = (int) place;
    double above = sorted[Math.min(below + 1, sorted.length - 1)];
    double millis = sorted[below] + (place - below) * (above - sorted[below]);
    return Duration.ofMillis(Math.max(Math.round(millis + more), 0));
  }

  private double[] ends(int slots) {
    SplittableRandom random = new SplittableRandom(seed);
    long running = Math.min(times.underWay(), rest.unfinished());
    long items = rest.unfinished() - running;
    int singly = (int) Math.min(items, Math.max(SCHEDULED / FEWEST_DRAWS, 2L * slots));
    int draws = Math.clamp(SCHEDULED / Math.max(singly, 1), FEWEST_DRAWS, MOST_DRAWS);
    TailFit tail = new TailFit(done, censored, SurvivalDraw.last(done));
    double[] ends = new double[draws];
    for (int draw = 0; draw < draws; draw++) {
      SurvivalDraw survival = new SurvivalDraw(done, censored, tail.draw(random), scale, random);
      Makespan makespan = makespan(survival, random);
      double[] free = free(slots, (int) running, makespan, random);
      double end = makespan.of(free, items, singly);
      if (!rest.dueIn().isZero()) {
        end = Math.max(end, rest.dueIn().toMillis() + survival.time(random));
      }
      ends[draw] = end;
    }
    Arrays.sort(ends);
    return ends;
  }

  /**
   * When each slot is free. Where fewer items are left than were under way, the ones with most left
   * are what is; where there are fewer slots, the ones with least left come after others.
   */
  private double[] free(int slots, int running, Makespan makespan, SplittableRandom random) {
    List<Double> left = left(makespan, random);
    double[] free = new double[slots];
    for (int i = 0; i < running; i++) {
      double ends = makespan.orOfNext(left.get(i));
      if (i < slots) {
        free[i] = ends;
      } else {
        free[slots - 1 - i % slots] += ends;
      }
    }
    return free;
  }

  /** What is left of each attempt that was under way, most first. */
  private List<Double> left(Makespan makespan, SplittableRandom random) {
    List<Double> left = new ArrayList<>();
    double within = random.nextDouble(); // the same for all: what began together ends together
    for (RunningAges of : times.running()) {
      double ago = of.since().toMillis();
      of.ages()
          .counts()
          .forEach((bucket, count) -> {
            double low = ItemTimes.lowerMillis(bucket);
            double age = low + within * (ItemTimes.upperMillis(bucket) - low);
            for (long i = 0; i < count; i++) {
              left.add(makespan.left(age, ago));
            }
          });
    }
    left.sort(Comparator.reverseOrder());
    return left;
  }

  /**
   * What bounds the end for any number of slots.
   *
   * @throws IllegalStateException when no item is done
   */
  public EndBounds bounds() {
    requireTimes();
    SplittableRandom random = new SplittableRandom(seed);
    int running = (int) Math.min(times.underWay(), rest.unfinished());
    long items = rest.unfinished() - running;
    TailFit tail = new TailFit(done, censored, SurvivalDraw.last(done));
    double[] work = new double[FEWEST_DRAWS];
    double[] longest = new double[FEWEST_DRAWS];
    for (int draw = 0; draw < FEWEST_DRAWS; draw++) {
      SurvivalDraw survival = new SurvivalDraw(done, censored, tail.draw(random), scale, random);
      Makespan makespan = makespan(survival, random);
      List<Double> left = left(makespan, random);
      for (int i = 0; i < running; i++) {
        double ends = makespan.orOfNext(left.get(i));
        work[draw] += ends;
        longest[draw] = Math.max(longest[draw], ends);
      }
      work[draw] += makespan.work(items);
      if (items > 0) {
        longest[draw] = Math.max(longest[draw], survival.longest(items, random));
      }
    }
    Arrays.sort(work);
    Arrays.sort(longest);
    return new EndBounds(at(work, 0.5, 0), at(longest, 0.5, 0));
  }

  private Makespan makespan(SurvivalDraw survival, SplittableRandom random) {
    double failedMillis = times.failedTogether().toMillis() / Math.max((double) times.failed(), 1);
    return new Makespan(survival, Math.min(times.failing(), 0.9), failedMillis, random);
  }

  private void requireTimes() {
    if (times.done().count() == 0) {
      throw new IllegalStateException("no item is done");
    }
  }

  /**
   * Before which it cannot be expected to end: the work that is left, if the items take no longer
   * than those that are done or under way have so far, divided by the slots.
   */
  public Duration atLeast(int slots) {
    long known = times.done().count() + times.underWay();
    if (known == 0 || slots == 0) {
      return rest.dueIn();
    }
    double sum = times.doneTogether().toMillis();
    double squares = 0;
    for (int bucket = 0; bucket < done.length; bucket++) {
      double millis = scale * SurvivalDraw.middle(bucket);
      sum += censored[bucket] * millis;
      squares += (done[bucket] + censored[bucket]) * millis * millis;
    }
    double mean = sum / known;
    double error = Math.sqrt(Math.max(squares / known - mean * mean, 0) / known);
    double items = Math.max(rest.unfinished() - times.underWay(), 0);
    double millis = Math.max(mean - 1.645 * error, 0) * items / slots;
    return Duration.ofMillis(Math.max((long) millis, rest.dueIn().toMillis()));
  }
}
