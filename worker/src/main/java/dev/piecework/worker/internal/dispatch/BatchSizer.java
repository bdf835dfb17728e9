package dev.piecework.worker.internal.dispatch;

import dev.piecework.worker.WorkerConfig;

/**
 * How many items to lease in a call: a pure function of what was measured.
 *
 * <p>A round trip should cost less than 2 % of a batch's work, so a batch lasts 50 round trips, and
 * one more batch is leased ahead while it is worked on. Items that take longer than that are leased
 * only for slots that are free: then nothing is prefetched here while somebody else is idle. Near
 * the end of the bag a batch is half of what is left, so that those who ask next find something
 * too; how many they are does not matter much, for no batch lasts longer than its 50 round trips.
 * What takes no longer than one round trip holds nobody up.
 */
final class BatchSizer {

  /** A round trip is to be less than 1/50 of a batch's work. */
  static final int TRIPS_PER_BATCH = 50;

  private BatchSizer() {}

  /**
   * What was measured.
   *
   * @param itemNanos how long a slot takes for an item; 0 when nothing is known
   * @param tripNanos how long a call takes
   */
  record Measured(long itemNanos, long tripNanos) {

    /** Whether an item takes so long that a round trip for it does not matter. */
    boolean isSlow() {
      return itemNanos == 0 || itemNanos >= TRIPS_PER_BATCH * tripNanos;
    }

    /** How many items these slots do in so many round trips. */
    long itemsIn(int trips, int slots) {
      return ceil((double) trips * tripNanos * slots / Math.max(1, itemNanos));
    }

    private static long ceil(double value) {
      return (long) Math.ceil(Math.min(value, Integer.MAX_VALUE));
    }
  }

  /**
   * What the slots have and would like.
   *
   * @param slots how many there are
   * @param asked items that free slots wait for
   * @param unstarted items that are here for them
   */
  record Need(int slots, int asked, int unstarted) {}

  /**
   * The size of a batch.
   *
   * @param previous the size before: growth is by doubling, for a few quick items say little about
   *     the next thousand
   * @return 0 when items are slow, or nothing is known: lease for free slots only
   */
  static int batch(Measured measured, int slots, int previous, int max) {
    if (measured.isSlow()) {
      return 0;
    }
    long ideal = measured.itemsIn(TRIPS_PER_BATCH, slots);
    long grown = Math.max(2L * previous, slots);
    return Math.clamp(Math.min(ideal, grown), 1, max);
  }

  /**
   * How many to ask for now; 0 for none.
   *
   * @param left items that waited in the queue after the last call
   */
  static int want(Measured measured, int batch, Need need, long left) {
    int missing = Math.max(0, need.asked() - need.unstarted());
    if (batch == 0 || need.unstarted() > batch || (left == 0 && missing == 0)) {
      return Math.min(missing, WorkerConfig.LARGEST_BATCH);
    }
    long harmless = measured.itemsIn(1, need.slots());
    long stock = Math.min(2L * batch, Math.max(left / 2, harmless));
    long want = Math.max(missing, Math.min(batch, stock - need.unstarted()));
    return Math.clamp(want, 0, WorkerConfig.LARGEST_BATCH);
  }
}
