package dev.piecework.worker.internal.exchange;

import dev.piecework.Settlement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The settlements that wait to be sent: put by any thread, taken by the dispatcher's, without a
 * lock or an allocation for each. Bounded in number and in bytes of results; who puts more waits.
 *
 * <p>A ring buffer in which a writer claims a place by counting up, then fills it; the reader stops
 * at the first place that is claimed but not filled yet. Filling is a volatile write: a writer that
 * then reads whether the dispatcher sleeps, and a dispatcher that says so and then looks here,
 * cannot miss each other.
 */
public final class Outbox {

  private static final int CAPACITY = 8_192;
  private static final long MAX_BYTES = 16L << 20;
  private static final int SMALL = 1_024;
  private static final long NAP = TimeUnit.MICROSECONDS.toNanos(100);

  private final AtomicReferenceArray<Settlement> ring = new AtomicReferenceArray<>(CAPACITY);
  private final AtomicLong tail = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final Consumer<WakeUp.Cause> wakeUp;
  private volatile long head;
  private volatile boolean closed;

  /**
   * @param wakeUp told by a writer that has to wait
   */
  Outbox(Consumer<WakeUp.Cause> wakeUp) {
    this.wakeUp = wakeUp;
  }

  void put(Settlement settlement) {
    int size = size(settlement);
    if (size > 0 && bytes.addAndGet(size) > MAX_BYTES) {
      awaitBytes();
    }
    long place = tail.getAndIncrement();
    while (place - head >= CAPACITY) {
      if (closed) {
        return;
      }
      wakeUp.accept(WakeUp.Cause.OUTBOX_FULL);
      LockSupport.parkNanos(this, NAP);
    }
    ring.set((int) (place & (CAPACITY - 1)), settlement);
  }

  /** Moves settlements until the list has {@code max}, in number and roughly in bytes. */
  public void drainTo(List<Settlement> list, int max) {
    long at = head;
    long room = MAX_BYTES / 4;
    while (list.size() < max && room > 0) {
      int place = (int) (at & (CAPACITY - 1));
      Settlement settlement = ring.get(place);
      if (settlement == null) {
        break;
      }
      ring.lazySet(place, null);
      list.add(settlement);
      int size = size(settlement);
      if (size > 0) {
        bytes.addAndGet(-size);
        room -= size;
      }
      at++;
    }
    if (at != head) {
      head = at;
    }
  }

  public boolean isEmpty() {
    return ring.get((int) (head & (CAPACITY - 1))) == null;
  }

  /** Nobody will take any more; writers no longer wait. */
  public void close() {
    closed = true;
  }

  /** One that is alone over the bound goes through, or a large result could never be sent. */
  private void awaitBytes() {
    while (bytes.get() > MAX_BYTES && !isEmpty() && !closed) {
      wakeUp.accept(WakeUp.Cause.OUTBOX_FULL);
      LockSupport.parkNanos(this, NAP);
    }
  }

  /** Small results are not counted: the number of places bounds them. */
  private static int size(Settlement settlement) {
    if (settlement instanceof Settlement.Complete complete) {
      byte[] result = complete.result();
      return result == null || result.length < SMALL ? 0 : result.length;
    }
    return 0;
  }
}
