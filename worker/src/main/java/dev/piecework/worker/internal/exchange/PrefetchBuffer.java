package dev.piecework.worker.internal.exchange;

import dev.piecework.Lease;
import dev.piecework.worker.WorkerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The leases that are here and not begun: put by the dispatcher, taken by the slots.
 *
 * <p>A chain of batches, one per call. All slots take from the same batch by counting up, so that
 * there is no lock and no allocation per item, and no slot sits on a pile of its own. Only a slot
 * that finds nothing takes the lock, and waits.
 */
public final class PrefetchBuffer {

  /** The leases of one call; the number is that of the next one to take. */
  private static final class PrefetchBatch extends AtomicInteger {
    private static final long serialVersionUID = 1;
    private final transient Lease[] leases;
    private transient volatile @Nullable PrefetchBatch following;

    PrefetchBatch(List<Lease> leases) {
      this.leases = leases.toArray(Lease[]::new);
    }

    @Nullable Lease next() {
      // Looking first keeps an empty batch's counter from growing without end.
      if (get() >= leases.length) {
        return null;
      }
      int place = getAndIncrement();
      return place < leases.length ? leases[place] : null;
    }

    int remaining() {
      return Math.max(0, leases.length - get());
    }
  }

  private PrefetchBatch back = new PrefetchBatch(List.of());
  private final AtomicReference<PrefetchBatch> front = new AtomicReference<>(back);
  private final AtomicInteger asked = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition turned = lock.newCondition();
  private final Consumer<WakeUp.Cause> wakeUp;
  private final AtomicLong turnsBegun = new AtomicLong();
  private volatile long turnsDone;
  private volatile boolean dry;
  private volatile boolean closed;
  private long rechecks;

  /**
   * @param wakeUp told when a batch is begun, for then another is to be leased, and when a slot
   *     waits
   */
  PrefetchBuffer(Consumer<WakeUp.Cause> wakeUp) {
    this.wakeUp = wakeUp;
  }

  /** The next lease, if one is here. */
  public @Nullable Lease poll() {
    while (true) {
      PrefetchBatch batch = front();
      Lease lease = batch.next();
      if (lease != null) {
        return lease;
      }
      PrefetchBatch following = batch.following;
      if (following == null) {
        return null;
      }
      if (front.compareAndSet(batch, following)) {
        wakeUp.accept(WakeUp.Cause.BATCH_BEGUN);
      }
    }
  }

  private PrefetchBatch front() {
    return Objects.requireNonNull(front.get());
  }

  /** The next lease, waiting for it; null when the buffer was closed. */
  public @Nullable Lease take() throws InterruptedException {
    return take(() -> false);
  }

  /**
   * The same for one who may be told to end: null then too.
   *
   * @param ends asked before each look; once it says so, it is not asked again
   */
  public @Nullable Lease take(BooleanSupplier ends) throws InterruptedException {
    if (ends.getAsBoolean()) {
      return null;
    }
    Lease lease = poll();
    return lease != null ? lease : awaitLease(ends);
  }

  private @Nullable Lease awaitLease(BooleanSupplier ends) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Lease lease = poll();
      while (lease == null && !closed) {
        awaitFilled();
        if (ends.getAsBoolean()) {
          filled.signal(); // what it was called for is another's
          return null;
        }
        lease = poll();
      }
      return lease;
    } finally {
      lock.unlock();
    }
  }

  /** All that wait look again whether they end. */
  public void recheck() {
    lock.lock();
    try {
      rechecks++;
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks, and waits to be called. Who is called takes back what it asked for before it takes a
   * lease: counted the other way round, the dispatcher would fetch one too many.
   */
  private void awaitFilled() throws InterruptedException {
    asked.incrementAndGet();
    try {
      wakeUp.accept(WakeUp.Cause.LEASE_WANTED);
      // The dispatcher puts first and then looks who asks; so who asks looks again.
      long before = rechecks;
      while (unstarted() == 0 && !closed && before == rechecks) {
        filled.await();
      }
    } finally {
      asked.decrementAndGet();
    }
  }

  /** Up to {@code max} leases: those that are here, or come with the dispatcher's next turn. */
  public List<Lease> more(int max) throws InterruptedException {
    List<Lease> leases = new ArrayList<>(Math.min(max, WorkerConfig.LARGEST_BATCH));
    pollInto(leases, max);
    try {
      // More than once, for another slot may take what was fetched for this one.
      for (int turn = 0; leases.size() < max && !closed && (turn == 0 || !dry); turn++) {
        awaitTurn(Math.min(max - leases.size(), WorkerConfig.LARGEST_BATCH));
        pollInto(leases, max);
      }
    } catch (InterruptedException cutOff) {
      if (leases.isEmpty()) {
        throw cutOff;
      }
      // What is in hand must reach the slot, which is told at its next wait.
      Thread.currentThread().interrupt();
    }
    return leases;
  }

  /** Asks, and waits for the end of a turn that began after that. */
  private void awaitTurn(int missing) throws InterruptedException {
    asked.addAndGet(missing);
    try {
      lock.lockInterruptibly();
      try {
        long turn = turnsBegun.get() + 1;
        wakeUp.accept(WakeUp.Cause.LEASE_WANTED);
        while (turnsDone < turn && !closed) {
          turned.await();
        }
      } finally {
        lock.unlock();
      }
    } finally {
      asked.addAndGet(-missing);
    }
  }

  private void pollInto(List<Lease> leases, int max) {
    while (leases.size() < max) {
      Lease lease = poll();
      if (lease == null) {
        return;
      }
      leases.add(lease);
    }
  }

  /**
   * Puts the leases of a call into the buffer. For the dispatcher's thread, as all that follows.
   */
  public void put(List<Lease> leases) {
    PrefetchBatch batch = new PrefetchBatch(leases);
    back.following = batch;
    back = batch;
    if (asked.get() > 0) {
      lock.lock();
      try {
        wake(leases.size());
      } finally {
        lock.unlock();
      }
    }
  }

  private void wake(int leases) {
    if (leases >= lock.getWaitQueueLength(filled)) {
      filled.signalAll();
      return;
    }
    for (int i = 0; i < leases; i++) {
      filled.signal();
    }
  }

  /** Whether the last call has brought less than was wanted. */
  public void dry(boolean now) {
    if (dry != now) {
      dry = now;
    }
  }

  /** How many leases slots wait for. */
  public int asked() {
    return asked.get();
  }

  /** How many leases are here. */
  public int unstarted() {
    int count = 0;
    for (@Nullable PrefetchBatch batch = front(); batch != null; batch = batch.following) {
      count += batch.remaining();
    }
    return count;
  }

  /** Takes everything away. */
  public List<Lease> clear() {
    List<Lease> leases = new ArrayList<>();
    pollInto(leases, Integer.MAX_VALUE);
    return leases;
  }

  public void turnBegins() {
    turnsBegun.incrementAndGet();
  }

  public void turnEnds() {
    lock.lock();
    try {
      turnsDone = turnsBegun.get();
      if (lock.hasWaiters(turned)) {
        turned.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the waiting of all slots; what is here can still be cleared. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      filled.signalAll();
      turned.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public boolean isClosed() {
    return closed;
  }
}
