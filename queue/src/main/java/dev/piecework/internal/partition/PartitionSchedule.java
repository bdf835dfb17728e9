package dev.piecework.internal.partition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * In which order one session visits the partitions: round and round, some batches from each, and
 * for a while not where nothing was found. Takes the time from its caller.
 */
final class PartitionSchedule {

  /** How many batches are leased from one before the next is visited: a visit costs a call. */
  static final int BATCHES = 16;

  private static final long FIRST_PAUSE = Duration.ofMillis(5).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofSeconds(1).toNanos();

  private final long[] pause;
  private final long[] notBefore;
  private int at;
  private int batches;

  PartitionSchedule(int partitions, int first) {
    this.pause = new long[partitions];
    this.notBefore = new long[partitions];
    this.at = first;
  }

  /** Those to try now, in this order, until something is found. */
  List<Integer> order(long now) {
    if (batches >= BATCHES) {
      moveOn();
    }
    List<Integer> order = new ArrayList<>(pause.length);
    for (int i = 0; i < pause.length; i++) {
      int partition = (at + i) % pause.length;
      if (pause[partition] == 0 || now - notBefore[partition] >= 0) {
        order.add(partition);
      }
    }
    return order;
  }

  /** Something was leased there. */
  void found(int partition) {
    pause[partition] = 0;
    batches = partition == at ? batches + 1 : 1;
    at = partition;
  }

  /** Nothing was found there. */
  void foundNothing(int partition, long now) {
    pause[partition] = Math.clamp(2 * pause[partition], FIRST_PAUSE, LONGEST_PAUSE);
    notBefore[partition] = now + pause[partition];
  }

  /** Something may have come. */
  void lookAgain(int partition) {
    pause[partition] = 0;
  }

  /** Go there next, and stay. */
  void comeBackTo(int partition) {
    lookAgain(partition);
    at = partition;
    batches = 0;
  }

  /** How many items wait in all, so far as can be told from those that wait in one. */
  long left(long here) {
    long others = Arrays.stream(pause).filter(p -> p == 0).count() - 1;
    return here * (others + 1) + Math.max(others, 0);
  }

  /** How long until the next may be tried. */
  Duration untilNext(long now) {
    long soonest = Long.MAX_VALUE;
    for (int i = 0; i < pause.length; i++) {
      soonest = Math.min(soonest, pause[i] == 0 ? 0 : notBefore[i] - now);
    }
    return Duration.ofNanos(Math.max(soonest, Duration.ofMillis(1).toNanos()));
  }

  private void moveOn() {
    at = (at + 1) % pause.length;
    batches = 0;
  }
}
