package dev.piecework.worker.internal.dispatch;

import dev.piecework.Lease;
import dev.piecework.worker.internal.dispatch.BatchSizer.Measured;
import dev.piecework.worker.internal.dispatch.BatchSizer.Need;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Measures items and round trips, and keeps the size of a batch. For the dispatcher's thread. */
public final class BatchTiming {

  /**
   * A completion does not wait longer than this for others to travel with: long enough to go with
   * the next lease of a batch of commands, so short that a worker that is killed has little to be
   * done again.
   */
  private static final long LONGEST_LINGER = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long SHORTEST_LINGER = TimeUnit.MILLISECONDS.toNanos(1);

  /** A batch is no more than this, and one more may lie ahead of it. */
  private static final long LARGEST_BYTES = 2L << 20;

  private volatile int slots;
  private final int maxBatch;
  private long itemNanos;
  private long tripNanos = TimeUnit.MICROSECONDS.toNanos(200);
  private long payloadBytes;
  private int batch;
  private long busySeen;
  private long endedSeen;

  public BatchTiming(int slots, int maxBatch) {
    this.slots = slots;
    this.maxBatch = maxBatch;
  }

  /** There are so many slots from now on. */
  public void slots(int now) {
    slots = now;
  }

  /** Takes the slots' running totals: how long they were busy, and with how many items. */
  void totals(long busyNanos, long ended) {
    long items = ended - endedSeen;
    if (items <= 0) {
      return;
    }
    long each = Math.max(1, (busyNanos - busySeen) / items);
    itemNanos = itemNanos == 0 ? each : (3 * itemNanos + each) / 4;
    busySeen = busyNanos;
    endedSeen = ended;
    resize();
  }

  private void resize() {
    long fitting = Math.max(1, LARGEST_BYTES / Math.max(1, payloadBytes));
    batch = BatchSizer.batch(measured(), slots, batch, (int) Math.min(maxBatch, fitting));
  }

  /**
   * Takes the time of a call. The lowest of late counts: a call that was held up says nothing about
   * the way there and back.
   */
  void called(long nanos) {
    tripNanos = nanos < tripNanos ? nanos : tripNanos + (nanos - tripNanos) / 16;
  }

  /** Takes the size of payloads as they come: large ones are not piled up here. */
  void leased(List<Lease> leases) {
    long bytes = 0;
    for (Lease lease : leases) {
      bytes += lease.payload().length;
    }
    payloadBytes = Math.max(payloadBytes / 2, bytes / leases.size());
    resize();
  }

  /** Nothing has ended for this long: whatever was measured, these items are slow. */
  void stalled(long nanos) {
    itemNanos = Math.max(itemNanos, nanos);
    resize();
  }

  int want(int asked, int unstarted, long left) {
    int want = BatchSizer.want(measured(), batch, new Need(slots, asked, unstarted), left);
    return Math.min(want, maxBatch);
  }

  /** Whether items travel in batches, and their ends may wait for each other. */
  boolean isBrisk() {
    return batch > 0;
  }

  int batch() {
    return batch;
  }

  long lingerNanos() {
    return Math.clamp(BatchSizer.TRIPS_PER_BATCH * tripNanos, SHORTEST_LINGER, LONGEST_LINGER);
  }

  private Measured measured() {
    return new Measured(itemNanos, tripNanos);
  }
}
