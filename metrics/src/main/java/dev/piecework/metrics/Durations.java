package dev.piecework.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long something took, as a histogram that has fixed buckets and native ones. Counting is on
 * the way of every item: one cell is found without a logarithm and counted up, the cells being so
 * narrow that each lies in one bucket of either kind; which those are is found out at a scrape.
 */
final class Durations {

  /** Eight native buckets for each doubling: none is wider than 9 %. */
  private static final int SCHEMA = 3;

  private static final int PER_DOUBLING = 1 << SCHEMA;

  /** From a nanosecond to half a year, as powers of two of a second. */
  private static final int LOWEST = -30;

  private static final int HIGHEST = 24;

  private static final double[] WITHIN_DOUBLING = new double[PER_DOUBLING];

  static {
    for (int i = 0; i < PER_DOUBLING; i++) {
      WITHIN_DOUBLING[i] = Math.pow(2, (double) i / PER_DOUBLING);
    }
  }

  private final double[] bounds;
  // Two for each native bucket: what is up to the fixed bound that is in it, and what is above.
  private final LongAdder[] cells;
  // The fixed bound within the native bucket, or infinite: then all is up to it.
  private final double[] splits;
  private final LongAdder nanos = new LongAdder();

  /**
   * @param bounds of the fixed buckets in seconds, rising, no two within a tenth of one another
   */
  Durations(double... bounds) {
    this.bounds = bounds.clone();
    int natives = (HIGHEST - LOWEST) * PER_DOUBLING + 1;
    cells = new LongAdder[2 * natives];
    Arrays.setAll(cells, i -> new LongAdder());
    splits = new double[natives];
    Arrays.fill(splits, Double.POSITIVE_INFINITY);
    for (double bound : bounds) {
      splits[bucket(bound)] = bound;
    }
  }

  void add(long took) {
    double seconds = took / 1e9;
    int bucket = bucket(seconds);
    cells[2 * bucket + (seconds > splits[bucket] ? 1 : 0)].increment();
    nanos.add(took);
  }

  /** Counted from the lowest; its upper bound belongs to it. */
  private static int bucket(double seconds) {
    int exponent = Math.getExponent(seconds);
    if (seconds <= 0 || exponent < LOWEST) {
      return 0;
    }
    if (exponent >= HIGHEST) {
      return (HIGHEST - LOWEST) * PER_DOUBLING;
    }
    // The value divided by that power of two: 1 up to 2.
    double part =
        Double.longBitsToDouble(
            Double.doubleToRawLongBits(seconds) & 0x000fffffffffffffL | 0x3ff0000000000000L);
    int low = 0;
    for (int step = PER_DOUBLING / 2; step > 0; step /= 2) {
      if (part > WITHIN_DOUBLING[low + step - 1]) {
        low += step;
      }
    }
    if (part > WITHIN_DOUBLING[low]) {
      low++;
    }
    return (exponent - LOWEST) * PER_DOUBLING + low;
  }

  long count() {
    return Arrays.stream(cells).mapToLong(LongAdder::sum).sum();
  }

  HistogramSnapshot snapshot(String name, String help, Labels labels) {
    long[] fixed = new long[bounds.length + 1];
    NativeHistogramBuckets.Builder natives = NativeHistogramBuckets.builder();
    int at = 0;
    for (int bucket = 0; bucket < splits.length; bucket++) {
      long upTo = cells[2 * bucket].sum();
      long above = cells[2 * bucket + 1].sum();
      fixed[at] += upTo;
      if (splits[bucket] != Double.POSITIVE_INFINITY) {
        at++;
      }
      fixed[at] += above;
      if (upTo + above > 0) {
        natives.bucket(LOWEST * PER_DOUBLING + bucket, upTo + above);
      }
    }
    double[] upper = Arrays.copyOf(bounds, bounds.length + 1);
    upper[bounds.length] = Double.POSITIVE_INFINITY;
    return HistogramSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(
            HistogramDataPointSnapshot.builder()
                .labels(labels)
                .sum(nanos.sum() / 1e9)
                .classicHistogramBuckets(ClassicHistogramBuckets.of(upper, fixed))
                .nativeSchema(SCHEMA)
                .nativeBucketsForPositiveValues(natives.build())
                .build())
        .build();
  }
}
