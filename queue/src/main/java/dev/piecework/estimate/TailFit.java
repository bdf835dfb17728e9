package dev.piecework.estimate;

import dev.piecework.journal.ItemTimes;
import java.util.SplittableRandom;

/**
 * How the longest times go on beyond what was seen: what exceeds a high threshold is distributed as
 * a generalised Pareto distribution (Pickands), whose shape goes from exponential (0) to a tail so
 * heavy that it has no mean (1 and more). How likely the longest tenth of the times makes each
 * shape and scale is computed on a grid; a draw takes one of them by that. Attempts that are under
 * way count as what they are, censored: those that outlast all that ended make the tail heavy,
 * until some of them end.
 */
final class TailFit {

  /** Of the finished, how many of the longest make the tail. */
  private static final double PART = 0.1;

  private static final int FEWEST = 10;

  private static final double HEAVIEST = 1.25;
  private static final int SHAPES = 11;
  private static final int SCALES = 17;

  /** What is longer than this many times what was seen is not told apart. */
  private static final double FARTHEST = 30;

  private final double threshold;
  private final double[] shapes = new double[SHAPES * SCALES];
  private final double[] scales = new double[SHAPES * SCALES];
  private final double[] sums = new double[SHAPES * SCALES];

  /**
   * One possible tail. Of the attempts that outlast all that ended nothing is known but that, so
   * that they are taken to be alike: in one draw all are as much longer than they are old.
   *
   * @param part by which they exceed their ages
   */
  record Draw(double threshold, double shape, double scale, double part) {

    /**
     * How long one takes in all, in milliseconds, that has taken so long and that no other
     * outlasted.
     */
    double beyond(double age, SplittableRandom random) {
      return beyond(age, 1 - random.nextDouble());
    }

    double beyondAll(double age) {
      return beyond(age, part);
    }

    private double beyond(double age, double rest) {
      double mean = scale + shape * Math.max(age - threshold, 0);
      double more =
          shape == 0 ? -Math.log(rest) * mean : (Math.pow(rest, -shape) - 1) / shape * mean;
      return Math.min(age + more, age * FARTHEST);
    }
  }

  /**
   * @param done how many attempts ended in each bucket; some did
   * @param running how many are under way whose age is in each bucket
   * @param last the highest bucket in which some ended
   */
  TailFit(long[] done, long[] running, int last) {
    long all = 0;
    for (long of : done) {
      all += of;
    }
    double wanted = Math.min(Math.max(FEWEST, all * PART), (double) all);
    int first = last;
    double above = 0;
    while (above + done[first] < wanted) {
      above += done[first];
      first--;
    }
    // Of the lowest bucket only so many as are wanted, and only so much of its width.
    double some = wanted - above;
    double upper = ItemTimes.upperMillis(first);
    this.threshold = upper - some / done[first] * (upper - ItemTimes.lowerMillis(first));
    int buckets = done.length - first;
    double[] excess = new double[buckets];
    double[] ended = new double[buckets];
    double[] came = new double[buckets];
    excess[0] = Math.max((upper - threshold) / 2, 1e-3);
    ended[0] = some;
    double sum = some * excess[0];
    for (int i = 1; i < buckets; i++) {
      excess[i] = SurvivalDraw.middle(first + i) - threshold;
      ended[i] = done[first + i];
      came[i] = running[first + i];
      sum += (ended[i] + came[i]) * excess[i];
    }
    weigh(excess, ended, came, sum / wanted);
  }

  private void weigh(double[] excess, double[] ended, double[] came, double mean) {
    double[] logs = new double[shapes.length];
    double best = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < logs.length; i++) {
      shapes[i] = HEAVIEST * Math.floorDiv(i, SCALES) / (SHAPES - 1);
      scales[i] = mean * Math.pow(2, (i % SCALES - SCALES * 0.75) / 2);
      logs[i] = likelihood(excess, ended, came, shapes[i], scales[i]);
      best = Math.max(best, logs[i]);
    }
    double sum = 0;
    for (int i = 0; i < logs.length; i++) {
      sum += Math.exp(logs[i] - best);
      sums[i] = sum;
    }
  }

  private static double likelihood(
      double[] excess, double[] ended, double[] came, double shape, double scale) {
    double log = 0;
    for (int i = 0; i < excess.length; i++) {
      if (ended[i] + came[i] > 0) {
        double times = excess[i] / scale;
        double beyond = shape == 0 ? -times : -Math.log1p(shape * times) / shape;
        log += (ended[i] + came[i]) * beyond;
        log -= ended[i] * (Math.log(scale) + (shape == 0 ? 0 : Math.log1p(shape * times)));
      }
    }
    return log;
  }

  Draw draw(SplittableRandom random) {
    double place = random.nextDouble() * sums[sums.length - 1];
    int chosen = 0;
    while (sums[chosen] < place) {
      chosen++;
    }
    return new Draw(threshold, shapes[chosen], scales[chosen], 1 - random.nextDouble());
  }
}
