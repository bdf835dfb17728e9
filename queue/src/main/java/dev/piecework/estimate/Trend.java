package dev.piecework.estimate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Whether the time of an item goes with its place in the input. */
final class Trend {

  /** Below this the place says too little to speak of. */
  private static final double STRONG = 0.3;

  /** So many standard errors from none: by chance once in 16,000 runs. */
  private static final double SURE = 4;

  private Trend() {}

  /** Whether a correlation of so many items is neither weak nor an accident. */
  static boolean isOne(double correlation, int items) {
    return Math.abs(correlation) >= STRONG
        && Math.abs(correlation) * Math.sqrt(Math.max(items - 1, 0)) >= SURE;
  }

  /**
   * Spearman's, from -1 to 1; 0 where nothing differs.
   *
   * @param pairs of place and time
   */
  static double rankCorrelation(List<double[]> pairs) {
    int n = pairs.size();
    double[] places = ranks(pairs.stream().mapToDouble(pair -> pair[0]).toArray());
    double[] times = ranks(pairs.stream().mapToDouble(pair -> pair[1]).toArray());
    double mean = (n - 1) / 2.0;
    double both = 0;
    double ofPlaces = 0;
    double ofTimes = 0;
    for (int i = 0; i < n; i++) {
      both += (places[i] - mean) * (times[i] - mean);
      ofPlaces += (places[i] - mean) * (places[i] - mean);
      ofTimes += (times[i] - mean) * (times[i] - mean);
    }
    return ofPlaces == 0 || ofTimes == 0 ? 0 : both / Math.sqrt(ofPlaces * ofTimes);
  }

  // Those that are equal share the middle of their ranks.
  private static double[] ranks(double[] values) {
    Integer[] order = new Integer[values.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
    double[] ranks = new double[values.length];
    int from = 0;
    while (from < order.length) {
      int until = from + 1;
      while (until < order.length && values[order[until]] == values[order[from]]) {
        until++;
      }
      for (int i = from; i < until; i++) {
        ranks[order[i]] = (from + until - 1) / 2.0;
      }
      from = until;
    }
    return ranks;
  }
}
