package dev.piecework.estimate;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How long slots take for what is left, in one draw: whichever is free first takes the next item.
 *
 * <p>The last items are scheduled one by one, for the end is made by them. Of many more, the first
 * ones keep all slots busy whatever their order: of them only the sum is drawn (how many fall into
 * each bucket, by mean and variance), and the slots are filled evenly with it. One of them that
 * takes longer than all that comes after may still be the last to end; so those are drawn by
 * themselves.
 */
final class Makespan {

  /** A slot that was not heard of for many items has ended as many; more says nothing. */
  private static final int RENEWALS = 30;

  private final SurvivalDraw times;
  private final SplittableRandom random;
  private final double failing;
  private final double failedMillis;

  /**
   * @param failing the part of the attempts that fail and come back
   * @param failedMillis how long such a one takes
   */
  Makespan(SurvivalDraw times, double failing, double failedMillis, SplittableRandom random) {
    this.times = times;
    this.failing = failing;
    this.failedMillis = failedMillis;
    this.random = random;
  }

  /** What is left of an attempt that was so old so long ago; less than nothing if it has ended. */
  double left(double age, double ago) {
    return times.timeBeyond(age, random) - age - ago;
  }

  /** The same; of the one that its slot has begun since, if it has ended. */
  double orOfNext(double left) {
    double ends = left;
    for (int renewals = 0; ends < 0; renewals++) {
      double next = times.time(random);
      ends = renewals == RENEWALS ? next * random.nextDouble() : ends + next;
    }
    return ends;
  }

  /**
   * In milliseconds.
   *
   * @param free when each slot is free
   * @param items how many are left for them
   * @param singly how many of these to schedule one by one
   */
  double of(double[] free, long items, int singly) {
    long many = Math.max(items - singly, 0);
    many -= many % free.length; // whole rounds, as of items that are alike
    double end = many == 0 ? 0 : fill(free, many, singly);
    for (double at : free) {
      end = Math.max(end, at);
    }
    Arrays.sort(free); // which makes it a heap: the root is free first
    for (long item = many; item < items; item++) {
      end = Math.max(end, next(free, times.time(random)));
    }
    for (long again = failures(items - many); again > 0; again--) {
      end = Math.max(end, next(free, failedMillis * SurvivalDraw.gamma(1, random)));
    }
    return end;
  }

  // What is at the root goes down to where nothing below it is free before.
  private static double next(double[] heap, double takes) {
    double ends = heap[0] + takes;
    int place = 0;
    int child = 1;
    while (child < heap.length) {
      if (child + 1 < heap.length && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= ends) {
        break;
      }
      heap[place] = heap[child];
      place = child;
      child = 2 * place + 1;
    }
    heap[place] = ends;
    return ends;
  }

  private long failures(long items) {
    return count(items * failing / (1 - failing), Long.MAX_VALUE);
  }

  /** How much time so many items take together, on the average, with what fails of them. */
  double work(long items) {
    double mean = times.tail() * times.timeInTail(random);
    for (int bucket = 0; bucket <= times.lastBucket(); bucket++) {
      mean += times.part(bucket) * times.bucketTime(bucket);
    }
    return items * (mean + failing / (1 - failing) * failedMillis);
  }

  private double fill(double[] free, long many, int singly) {
    double sum = failures(many) * failedMillis;
    double mean = 0;
    for (int bucket = 0; bucket <= times.lastBucket(); bucket++) {
      mean += times.part(bucket) * times.bucketTime(bucket);
    }
    double outlast = mean * singly / free.length / 2;
    double[] longest = new double[0];
    long left = many;
    double partLeft = 1;
    for (int bucket = -1; bucket <= times.lastBucket() && left > 0; bucket++) {
      // The tail first: what is left over is in the buckets.
      double part = bucket < 0 ? times.tail() : times.part(bucket);
      long count = partLeft <= 0 ? 0 : binomial(left, Math.min(part / partLeft, 1));
      left -= count;
      partLeft -= part;
      if (bucket < 0 || (times.bucketTime(bucket) > outlast && count <= 1_000)) {
        int from = longest.length;
        longest = Arrays.copyOf(longest, from + (int) Math.min(count, 1_000));
        for (int i = from; i < longest.length; i++) {
          longest[i] = bucket < 0 ? times.timeInTail(random) : times.bucketTime(bucket);
          sum += longest[i];
        }
      } else {
        sum += count * times.bucketTime(bucket);
      }
    }
    double level = level(free, sum);
    double end = 0;
    for (double takes : longest) {
      end = Math.max(end, random.nextDouble() * level + takes);
    }
    for (int slot = 0; slot < free.length; slot++) {
      free[slot] = Math.max(free[slot], level);
    }
    return end;
  }

  /** Up to when all slots that are free before are filled by this sum. */
  private static double level(double[] free, double sum) {
    double[] sorted = free.clone();
    Arrays.sort(sorted);
    double left = sum;
    for (int slots = 1; slots < sorted.length; slots++) {
      double step = (sorted[slots] - sorted[slots - 1]) * slots;
      if (step >= left) {
        return sorted[slots - 1] + left / slots;
      }
      left -= step;
    }
    return sorted[sorted.length - 1] + left / sorted.length;
  }

  private long binomial(long n, double p) {
    double mean = n * p;
    double variance = mean * (1 - p);
    if (variance < 30) {
      return p > 0.5 ? n - count(n - mean, n) : count(mean, n);
    }
    return Math.clamp(Math.round(mean + Math.sqrt(variance) * random.nextGaussian()), 0, n);
  }

  /** Poisson, by the times between events; by mean and variance when there are many. */
  private long count(double mean, long most) {
    if (mean > 100) {
      return Math.clamp(Math.round(mean + Math.sqrt(mean) * random.nextGaussian()), 0, most);
    }
    long count = 0;
    double sum = SurvivalDraw.gamma(1, random);
    while (sum < mean) {
      count++;
      sum += SurvivalDraw.gamma(1, random);
    }
    return Math.min(count, most);
  }
}
