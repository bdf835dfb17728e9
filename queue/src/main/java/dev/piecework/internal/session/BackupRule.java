package dev.piecework.internal.session;

import dev.piecework.journal.ItemTimes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Which items an idle worker starts again, by what is known of the run's times: a pure function.
 *
 * <p>A worker's slowness f is the median of its times by the median of all. What has run for a on
 * it would have run for a' = a / f elsewhere; so a fresh attempt takes t_new = E[D | D > a'], and
 * what is left of the one under way is t_rem = f (t_new - a'). A copy is worth it on a slow worker
 * (f of 1.5 or more) if what is left is longer than a fresh attempt, here; and of what has run
 * three times as long as 95 % of the items do, wherever it is: its worker may be stopped. Where
 * fewer than 20 items are done nothing is known.
 */
final class BackupRule {

  /** Items that have to be done before their times say anything. */
  static final int LEAST_DONE = 20;

  /** A worker that is this many times as slow as all of them together is slow. */
  static final double SLOW = 1.5;

  /** Of the time within which 95 % of the items are done. */
  static final double OVERDUE = 3;

  private final ItemTimes all;
  private final Map<String, ItemTimes> byWorker;

  /**
   * @param all times of the run's items
   * @param byWorker the same, by the name of the worker
   */
  BackupRule(ItemTimes all, Map<String, ItemTimes> byWorker) {
    this.all = all;
    this.byWorker = byWorker;
  }

  /** What is worth it, and how many milliseconds are left of it where it is. */
  private record Worth(LeaseElsewhere item, double leftMillis) {}

  /**
   * Those items of others that the asking worker should start again, what is likely to take longest
   * where it is first.
   */
  List<LeaseElsewhere> worthCopying(List<LeaseElsewhere> held, String asker) {
    if (all.count() < LEAST_DONE || slowness(asker) >= SLOW) {
      return List.of(); // what is started by a slow worker ends no sooner
    }
    List<Worth> worth = new ArrayList<>();
    for (LeaseElsewhere item : held) {
      if (!item.worker().equals(asker)) {
        worth(item, slowness(asker)).ifPresent(worth::add);
      }
    }
    worth.sort(Comparator.comparingDouble(Worth::leftMillis).reversed());
    return worth.stream().map(Worth::item).toList();
  }

  private Optional<Worth> worth(LeaseElsewhere item, double askersSlowness) {
    double age = item.age().toNanos() / 1e6;
    double slowness = slowness(item.worker());
    double fastAge = age / slowness;
    OptionalDouble fresh = meanAbove(fastAge);
    double left = fresh.isPresent() ? slowness * (fresh.getAsDouble() - fastAge) : age;
    boolean sooner =
        slowness >= SLOW
            && fresh.isPresent()
            && left > fresh.getAsDouble() * Math.max(askersSlowness, 1);
    boolean overdue = age > OVERDUE * all.quantile(0.95).toNanos() / 1e6;
    return sooner || overdue ? Optional.of(new Worth(item, left)) : Optional.empty();
  }

  /** 1 for a worker of which too little is known. */
  double slowness(String worker) {
    ItemTimes its = byWorker.getOrDefault(worker, ItemTimes.NONE);
    return its.count() == 0 ? 1 : median(its) / median(all);
  }

  // A worker's buckets are four times as wide as those of all: to be compared, both are read alike.
  private static double median(ItemTimes times) {
    long below = 0;
    for (Map.Entry<Integer, Long> entry : times.counts().entrySet()) {
      below += entry.getValue();
      if (2 * below >= times.count()) {
        int first = entry.getKey() / 4 * 4;
        return Math.sqrt(
            Math.max(ItemTimes.lowerMillis(first), 0.5) * ItemTimes.upperMillis(first + 3));
      }
    }
    return 1;
  }

  // The mean of the times above this one; none where nothing took so long.
  private OptionalDouble meanAbove(double millis) {
    double sum = 0;
    double weight = 0;
    for (Map.Entry<Integer, Long> entry : all.counts().entrySet()) {
      double lower = ItemTimes.lowerMillis(entry.getKey());
      double upper = ItemTimes.upperMillis(entry.getKey());
      if (upper > millis) {
        double from = Math.max(lower, millis);
        double part = entry.getValue() * (upper - from) / (upper - lower);
        sum += part * (from + upper) / 2;
        weight += part;
      }
    }
    return weight == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / weight);
  }
}
