package dev.piecework.journal;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How long attempts that ended as done took: counts in fixed buckets of milliseconds, each 1.1
 * times as wide as the one before, so that those of any two workers can be added.
 */
public final class ItemTimes {

  /** How much wider each bucket is than the one before. */
  public static final double RATIO = 1.1;

  /** The last bucket: what takes longer than 1.1^248 ms, half a year, is in it too. */
  public static final int LAST_BUCKET = 249;

  /** Of no attempt at all. */
  public static final ItemTimes NONE = new ItemTimes(Map.of());

  private static final double LOG_RATIO = Math.log(RATIO);

  private final SortedMap<Integer, Long> counts;
  private final long count;

  /**
   * @param counts how many attempts are in each bucket, of those that have any
   * @throws IllegalArgumentException for a bucket below 0 or above {@link #LAST_BUCKET}
   */
  public ItemTimes(Map<Integer, Long> counts) {
    SortedMap<Integer, Long> sorted = new TreeMap<>(counts);
    if (!sorted.isEmpty() && (sorted.firstKey() < 0 || sorted.lastKey() > LAST_BUCKET)) {
      throw new IllegalArgumentException("buckets are 0 to " + LAST_BUCKET + ", not " + sorted);
    }
    this.counts = Collections.unmodifiableSortedMap(sorted);
    this.count = sorted.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The bucket of this time: 0 for less than a millisecond. */
  public static int bucketOf(long millis) {
    return millis < 1
        ? 0
        : Math.min(1 + (int) (Math.log((double) millis) / LOG_RATIO), LAST_BUCKET);
  }

  /** The least time of a bucket, in milliseconds. */
  public static double lowerMillis(int bucket) {
    return bucket == 0 ? 0 : Math.pow(RATIO, bucket - 1);
  }

  /** The times of a bucket are below this, in milliseconds; but for those of the last. */
  public static double upperMillis(int bucket) {
    return Math.pow(RATIO, bucket);
  }

  /** Bucket to how many; only those that have any. */
  public SortedMap<Integer, Long> counts() {
    return counts;
  }

  /** How many attempts. */
  public long count() {
    return count;
  }

  /** Of both. */
  public ItemTimes plus(ItemTimes other) {
    Map<Integer, Long> sum = new TreeMap<>(counts);
    other.counts.forEach((bucket, n) -> sum.merge(bucket, n, Long::sum));
    return new ItemTimes(sum);
  }

  /**
   * The time within which this part of the attempts was done, to a tenth of itself; zero for none.
   *
   * @param part 0 to 1, such as 0.95
   */
  public Duration quantile(double part) {
    double wanted = part * count;
    long below = 0;
    for (Map.Entry<Integer, Long> entry : counts.entrySet()) {
      if (below + entry.getValue() >= wanted) {
        double within = Math.max(wanted - below, 0) / entry.getValue();
        double lower = lowerMillis(entry.getKey());
        double millis = lower + within * (upperMillis(entry.getKey()) - lower);
        return Duration.ofNanos((long) (millis * 1_000_000));
      }
      below += entry.getValue();
    }
    return Duration.ZERO;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ItemTimes times && times.counts.equals(counts);
  }

  @Override
  public int hashCode() {
    return counts.hashCode();
  }

  @Override
  public String toString() {
    return "ItemTimes" + counts;
  }
}
