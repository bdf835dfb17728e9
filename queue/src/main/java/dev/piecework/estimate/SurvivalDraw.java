package dev.piecework.estimate;

import dev.piecework.journal.ItemTimes;
import java.util.SplittableRandom;

/**
 * One draw of how long items may take, given those that are done and the ages of those that are
 * not.
 *
 * <p>It is the Kaplan-Meier estimate of the survival function: in each bucket the part that ended,
 * of those that came so far. An attempt under way came as far as its age, and says nothing of what
 * comes after. Each observation gets a weight drawn from Exp(1) (Rubin's Bayesian bootstrap), so
 * that many draws differ as much as the data leave open. The next of n times falls with equal
 * probability between any two of those seen, or beyond the longest; so a half of each weight lies
 * on the gap below (the other half stays, for times may be of a few sizes only), and one weight
 * more beyond the last, where {@link TailFit} goes on.
 */
final class SurvivalDraw {

  private static final int BUCKETS = ItemTimes.LAST_BUCKET + 1;

  /** Of the weight of an observation, how much lies on the gap below it. */
  private static final double ON_GAP = 0.5;

  /** Into so many equal parts it is divided, to find a time fast. */
  private static final int GUIDES = 256;

  private static final double[] MIDDLES = new double[BUCKETS];

  static {
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      MIDDLES[bucket] =
          Math.sqrt(Math.max(ItemTimes.lowerMillis(bucket), 0.5) * ItemTimes.upperMillis(bucket));
    }
  }

  private final double[] beyond = new double[BUCKETS + 1];
  private final int[] guide = new int[GUIDES + 1];
  private final double[] outlast = new double[BUCKETS + 1];
  private final int last;
  private final TailFit.Draw tail;
  private final double scale;

  /**
   * @param done how many attempts ended in each bucket; some did
   * @param running how many are under way whose age is in each bucket
   * @param tail what comes beyond the longest
   * @param scale by which times are multiplied
   */
  SurvivalDraw(
      long[] done, long[] running, TailFit.Draw tail, double scale, SplittableRandom random) {
    this.tail = tail;
    this.scale = scale;
    this.last = last(done);
    double[] ended = ended(done, random);
    double[] came = new double[BUCKETS];
    double after = gamma(1, random); // the longest one, which was not seen
    outlast[BUCKETS] = after;
    for (int bucket = BUCKETS - 1; bucket >= 0; bucket--) {
      double censored = gamma(running[bucket], random);
      came[bucket] = after + ended[bucket] + censored / 2;
      after += ended[bucket] + censored;
      outlast[bucket] = bucket > last ? outlast[bucket + 1] + censored : 0;
    }
    beyond[0] = 1;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      beyond[bucket + 1] = beyond[bucket] * (1 - Math.min(ended[bucket] / came[bucket], 1));
    }
    fillGuide();
  }

  /** The highest bucket that has any. */
  static int last(long[] done) {
    int last = BUCKETS - 1;
    while (done[last] == 0) {
      last--;
    }
    return last;
  }

  /** For each part of the items the bucket from which on to look for its time. */
  private void fillGuide() {
    int bucket = 0;
    for (int i = GUIDES; i >= 0; i--) {
      // The longest part that is looked for here is just below (i + 1) / GUIDES.
      while (bucket < last && beyond[bucket + 1] >= (i + 1.0) / GUIDES) {
        bucket++;
      }
      guide[i] = bucket;
    }
  }

  private double[] ended(long[] done, SplittableRandom random) {
    double[] ended = new double[BUCKETS];
    int before = -1;
    for (int bucket = 0; bucket <= last; bucket++) {
      if (done[bucket] > 0) {
        ended[bucket] += gamma(done[bucket] - 1, random);
        int from = before < 0 ? bucket : before + 1;
        double one = gamma(1, random);
        double each = one * ON_GAP / (bucket + 1 - from);
        ended[bucket] += one * (1 - ON_GAP);
        for (int gap = from; gap <= bucket; gap++) {
          ended[gap] += each;
        }
        before = bucket;
      }
    }
    return ended;
  }

  static double middle(int bucket) {
    return MIDDLES[bucket];
  }

  /** How long an item takes, in milliseconds. */
  double time(SplittableRandom random) {
    return scale * quantile(1 - random.nextDouble(), random);
  }

  /** How long the longest of so many takes. */
  double longest(long items, SplittableRandom random) {
    return scale * quantile(-Math.expm1(Math.log(random.nextDouble()) / items), random);
  }

  /** How long one takes in all that has taken so long already. */
  double timeBeyond(double age, SplittableRandom random) {
    double from = age / scale;
    if (from >= ItemTimes.upperMillis(last)) {
      return scale * tail.beyondAll(from);
    }
    double part = beyond(from) * (1 - random.nextDouble());
    return part <= tail()
        ? scale * tail.beyondAll(ItemTimes.upperMillis(last))
        : Math.max(scale * quantile(part, random), age);
  }

  /** The part of the items that takes longer than that, which is not beyond all that were seen. */
  private double beyond(double millis) {
    int bucket = ItemTimes.bucketOf((long) millis);
    double lower = ItemTimes.lowerMillis(bucket);
    double within = (millis - lower) / (ItemTimes.upperMillis(bucket) - lower);
    return beyond[bucket] + Math.clamp(within, 0, 1) * (beyond[bucket + 1] - beyond[bucket]);
  }

  /** The time that this part of the items takes longer than. */
  private double quantile(double part, SplittableRandom random) {
    if (part <= beyond[last + 1]) {
      return tailTime(random);
    }
    int bucket = guide[(int) (part * GUIDES)];
    while (beyond[bucket + 1] >= part) {
      bucket++;
    }
    return MIDDLES[bucket];
  }

  // One like those under way that have taken longer than any that ended, or the one not seen.
  private double tailTime(SplittableRandom random) {
    double place = random.nextDouble() * outlast[last + 1];
    int bucket = BUCKETS;
    while (bucket > last + 1 && outlast[bucket] < place) {
      bucket--;
    }
    return bucket == BUCKETS
        ? tail.beyond(ItemTimes.upperMillis(last), random)
        : tail.beyondAll(MIDDLES[bucket]);
  }

  /** The part of the items whose times are in this bucket. */
  double part(int bucket) {
    return beyond[bucket] - beyond[bucket + 1];
  }

  int lastBucket() {
    return last;
  }

  /** The part of the items that takes longer than any that was seen to end. */
  double tail() {
    return beyond[last + 1];
  }

  double bucketTime(int bucket) {
    return scale * MIDDLES[bucket];
  }

  double timeInTail(SplittableRandom random) {
    return scale * tailTime(random);
  }

  /** The sum of so many of Exp(1), by Marsaglia and Tsang. */
  static double gamma(long shape, SplittableRandom random) {
    if (shape <= 0) {
      return 0;
    }
    if (shape == 1) {
      return -Math.log(1 - random.nextDouble());
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double normal = random.nextGaussian();
      double v = 1 + c * normal;
      double cubed = v * v * v;
      if (v > 0
          && Math.log(1 - random.nextDouble())
              < 0.5 * normal * normal + d - d * cubed + d * Math.log(cubed)) {
        return d * cubed;
      }
    }
  }
}
