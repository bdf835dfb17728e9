package dev.piecework.estimate;

import dev.piecework.journal.ItemTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A bag of items that workers do in order, each slot the next one: when each begins and ends. */
final class SimulatedBag {

  /** A worker tells what it has done, and what it is at, so often. */
  private static final double BEAT_MILLIS = 5_000;

  /** How the times of the items are distributed. */
  enum Shape {
    CONSTANT("constant", 3),
    EXPONENTIAL("exponential", 10),
    LOGNORMAL("lognormal, sigma 1.5", 17),
    PARETO("Pareto 1.5", 24),
    TWO_SIZES("1 s, and 1 % of 60 s", 31),
    SORTED("sorted (lognormal)", 38);

    private final String shown;

    private final long seed;

    Shape(String shown, long seed) {
      this.shown = shown;
      this.seed = seed;
    }

    /** So that each shape has bags of its own, the same each time. */
    long seed() {
      return seed;
    }

    /** In milliseconds, in the order of the input. */
    private double[] times(int items, SplittableRandom random) {
      double[] times = new double[items];
      Arrays.setAll(times, i -> time(random));
      if (this == SORTED) {
        Arrays.sort(times);
      }
      return times;
    }

    /** How long an item takes, in milliseconds. */
    double time(SplittableRandom random) {
      return switch (this) {
        case CONSTANT -> 2_000;
        case EXPONENTIAL -> -2_000 * Math.log(1 - random.nextDouble());
        case LOGNORMAL, SORTED -> 1_000 * Math.exp(1.5 * random.nextGaussian());
        case PARETO -> 1_000 * Math.pow(1 - random.nextDouble(), -1 / 1.5);
        case TWO_SIZES -> random.nextInt(100) == 0 ? 60_000 : 1_000;
      };
    }

    /** How long one takes in all that has taken so long already. */
    double timeBeyond(double age, SplittableRandom random) {
      return switch (this) {
        case CONSTANT -> 2_000;
        case EXPONENTIAL -> age + time(random);
        case LOGNORMAL, SORTED ->
            1_000 * Math.exp(1.5 * normalAbove(Math.log(age / 1_000) / 1.5, random));
        case PARETO -> time(random) * Math.max(age / 1_000, 1);
        case TWO_SIZES -> age < 1_000 ? time(random) : 60_000;
      };
    }

    // Of those above a high bound by an exponential distribution that is above all of them
    // (Robert).
    private static double normalAbove(double bound, SplittableRandom random) {
      while (true) {
        double normal = random.nextGaussian();
        if (bound > 0.5) {
          double rate = (bound + Math.sqrt(bound * bound + 4)) / 2;
          normal = bound - Math.log(1 - random.nextDouble()) / rate;
          if (random.nextDouble() > Math.exp(-(normal - rate) * (normal - rate) / 2)) {
            continue;
          }
        }
        if (normal >= bound) {
          return normal;
        }
      }
    }

    @Override
    public String toString() {
      return shown;
    }
  }

  /**
   * What is known at an instant.
   *
   * @param elapsed milliseconds since the beginning
   * @param left until the true end
   * @param ages of the attempts under way, which only an oracle knows so well
   */
  record Seen(
      double elapsed,
      double left,
      RunTimes times,
      RemainingWork rest,
      List<double[]> places,
      double[] ages) {

    /** As everybody has it: the rest goes as fast as what is done. */
    double usual() {
      return elapsed / rest.over() * rest.unfinished();
    }

    /** What can be said at most. */
    EndOracle oracle(Shape shape, int slots, SplittableRandom random) {
      return new EndOracle(shape, ages, (int) rest.unfinished() - ages.length, slots, random);
    }

    /** Nine of ten, if the finished times were all there is to know. */
    double usualError() {
      double sum = 0;
      double squares = 0;
      long n = times.done().count();
      for (Map.Entry<Integer, Long> bucket : times.done().counts().entrySet()) {
        double millis = SurvivalDraw.middle(bucket.getKey());
        sum += bucket.getValue() * millis;
        squares += bucket.getValue() * millis * millis;
      }
      double mean = sum / n;
      double deviation = Math.sqrt(Math.max(squares / n - mean * mean, 0));
      return 1.645 * deviation / mean * usual() * Math.sqrt(1.0 / n + 1.0 / rest.unfinished());
    }
  }

  private final double[] times;
  private final double[] starts;
  private final int[] slot;
  private final double[] phases;
  private final int perWorker;
  private final double end;

  SimulatedBag(Shape shape, int items, int workers, int perWorker, SplittableRandom random) {
    this.times = shape.times(items, random);
    this.starts = new double[items];
    this.slot = new int[items];
    this.perWorker = perWorker;
    this.phases = new double[workers];
    Arrays.setAll(phases, i -> random.nextDouble() * BEAT_MILLIS);
    double[] free = new double[workers * perWorker];
    double latest = 0;
    for (int item = 0; item < items; item++) {
      int first = 0;
      for (int i = 1; i < free.length; i++) {
        first = free[i] < free[first] ? i : first;
      }
      starts[item] = free[first];
      slot[item] = first;
      free[first] += times[item];
      latest = Math.max(latest, free[first]);
    }
    this.end = latest;
  }

  int slots() {
    return phases.length * perWorker;
  }

  /** When this part of the items is done, or a little later: before the next one is. */
  Seen seen(double part, SplittableRandom random) {
    double[] ends = new double[times.length];
    Arrays.setAll(ends, i -> starts[i] + times[i]);
    double[] sorted = ends.clone();
    Arrays.sort(sorted);
    int wanted = (int) Math.ceil(part * times.length);
    double from = sorted[wanted - 1];
    double until = Arrays.stream(sorted).filter(at -> at > from).findFirst().orElse(from);
    double now = from + random.nextDouble() * (until - from);
    return seenAt(now, ends);
  }

  private Seen seenAt(double now, double[] ends) {
    Map<Integer, Long> done = new HashMap<>();
    List<Map<Integer, Long>> ages = new ArrayList<>();
    for (int worker = 0; worker < phases.length; worker++) {
      ages.add(new HashMap<>());
    }
    List<double[]> sample = new ArrayList<>();
    double sum = 0;
    long over = 0;
    for (int item = 0; item < times.length; item++) {
      double beat = lastBeat(slot[item] / perWorker, now);
      if (ends[item] <= beat) {
        done.merge(ItemTimes.bucketOf((long) times[item]), 1L, Long::sum);
        sum += (long) times[item];
        sample.add(new double[] {starts[item], times[item]});
      } else if (starts[item] <= beat) {
        int bucket = ItemTimes.bucketOf((long) (beat - starts[item]));
        ages.get(slot[item] / perWorker).merge(bucket, 1L, Long::sum);
      }
      over += ends[item] <= now ? 1 : 0;
    }
    List<RunningAges> running = new ArrayList<>();
    for (int worker = 0; worker < phases.length; worker++) {
      Duration since = Duration.ofMillis((long) (now - lastBeat(worker, now)));
      running.add(new RunningAges(new ItemTimes(ages.get(worker)), since));
    }
    return new Seen(
        now,
        end - now,
        new RunTimes(new ItemTimes(done), Duration.ofMillis((long) sum), running, 0, Duration.ZERO),
        new RemainingWork(over, times.length - over, Duration.ZERO),
        sample,
        IntStream.range(0, times.length)
            .filter(item -> starts[item] <= now && now < ends[item])
            .mapToDouble(item -> now - starts[item])
            .toArray());
  }

  private double lastBeat(int worker, double now) {
    return Math.max(now - (now + phases[worker]) % BEAT_MILLIS, 0);
  }
}
