package dev.piecework.worker;

/**
 * How many items to lease in a call: a pure function of what was measured.
 *
 * <p>A round trip should cost less than 2 % of a lot's work, so a lot lasts 50 round trips, and one
 * more lot is leased ahead while it is worked on. Items that take longer than that are leased only
 * for slots that are free: then nothing lies on a shelf here while somebody else is idle. Near the
 * end of the bag a lot is half of what is left, so that those who ask next find something too; how
 * many they are does not matter much, for no lot lasts longer than its 50 round trips. What takes
 * no longer than one round trip holds nobody up.
 */
final class LotSizing {

  /** A round trip is to be less than 1/50 of a lot's work. */
  static final int TRIPS_PER_LOT = 50;

  private LotSizing() {}

  /**
   * What was measured.
   *
   * @param itemNanos how long a slot takes for an item; 0 when nothing is known
   * @param tripNanos how long a call takes
   */
  record Measured(long itemNanos, long tripNanos) {

    /** Whether an item takes so long that a round trip for it does not matter. */
    boolean isSlow() {
      return itemNanos == 0 || itemNanos >= TRIPS_PER_LOT * tripNanos;
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
   * The size of a lot.
   *
   * @param previous the size before: growth is by doubling, for a few quick items say little about
   *     the next thousand
   * @return 0 when items are slow, or nothing is known: lease for free slots only
   */
  static int lot(Measured measured, int slots, int previous, int max) {
    if (measured.isSlow()) {
      return 0;
    }
    long ideal = measured.itemsIn(TRIPS_PER_LOT, slots);
    long grown = Math.max(2L * previous, slots);
    return Math.clamp(Math.min(ideal, grown), 1, max);
  }

  /**
   * How many to ask for now; 0 for none.
   *
   * @param left items that waited in the queue after the last call
   */
  static int want(Measured measured, int lot, Need need, long left) {
    int missing = Math.max(0, need.asked() - need.unstarted());
    if (lot == 0 || need.unstarted() > lot || (left == 0 && missing == 0)) {
      return Math.min(missing, WorkerConfig.LARGEST_LOT);
    }
    long harmless = measured.itemsIn(1, need.slots());
    long stock = Math.min(2L * lot, Math.max(left / 2, harmless));
    long want = Math.max(missing, Math.min(lot, stock - need.unstarted()));
    return Math.clamp(want, 0, WorkerConfig.LARGEST_LOT);
  }
}
