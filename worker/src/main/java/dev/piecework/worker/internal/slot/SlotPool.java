package dev.piecework.worker.internal.slot;

import dev.piecework.Lease;
import dev.piecework.PieceworkException;
import dev.piecework.RedisRefusesException;
import dev.piecework.RedisUnreachableException;
import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.internal.exchange.DroppedLeases;
import dev.piecework.worker.internal.exchange.WakeUp;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The slots and their threads, which are daemons: no handler keeps a process alive. */
public final class SlotPool {

  private final List<Slot> slots = new CopyOnWriteArrayList<>();
  private final Map<Slot, Thread> threads = new ConcurrentHashMap<>();
  private final AtomicInteger working = new AtomicInteger();
  private final AtomicInteger named = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final WakeUp wakeUp;
  private final DroppedLeases dropped = new DroppedLeases();
  private final Thread.Builder threadsOf;
  private final BitSet occupied = new BitSet();
  private IntFunction<Slot> make =
      number -> {
        throw new IllegalStateException("no slots yet");
      };
  private volatile int size;
  private volatile boolean cut;

  /** With a thread of the system's for each slot. */
  public SlotPool(WakeUp wakeUp) {
    this(wakeUp, false);
  }

  /**
   * @param virtual whether the slots' threads are virtual ones
   */
  public SlotPool(WakeUp wakeUp, boolean virtual) {
    this.wakeUp = wakeUp;
    this.threadsOf = virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
  }

  /** Starts one that is made elsewhere. */
  public synchronized void start(Slot slot) {
    occupied.set(size++);
    slots.add(slot);
    launch(slot);
  }

  /** Starts the first slots; the others are made alike. */
  public void fill(int count, IntFunction<Slot> maker) {
    make = maker;
    resize(count);
  }

  /**
   * Works in so many slots from now on. Those that are missing begin; those beyond end when they
   * ask for more.
   */
  public synchronized void resize(int count) {
    size = count;
    if (isCut()) {
      return;
    }
    for (int number = occupied.nextClearBit(0); number < count; ) {
      occupied.set(number);
      Slot slot = make.apply(number);
      slots.add(slot);
      launch(slot);
      number = occupied.nextClearBit(number);
    }
  }

  /** How many slots are wanted. */
  public int size() {
    return size;
  }

  /** Whether there are to be fewer than this slot's number, from 0; it is to ask {@link #ends}. */
  boolean isBeyond(int number) {
    return number >= size;
  }

  /** Whether this slot is to end, being one too many; from then on its number is free. */
  synchronized boolean ends(int number) {
    if (number < size) {
      return false;
    }
    occupied.clear(number);
    return true;
  }

  private void launch(Slot slot) {
    working.incrementAndGet();
    Thread thread = newThread(slot);
    threads.put(slot, thread);
    thread.start();
  }

  // A builder is not for several threads at a time.
  private synchronized Thread newThread(Slot slot) {
    return threadsOf.name("piecework-slot-" + named.getAndIncrement()).unstarted(() -> run(slot));
  }

  private void run(Slot slot) {
    try {
      slot.run();
    } catch (Throwable thrown) {
      fail(thrown);
    } finally {
      // One that was given up has left already.
      leave(slot);
    }
  }

  private void leave(Slot slot) {
    if (threads.remove(slot) != null) {
      working.decrementAndGet();
      wakeUp.wake(WakeUp.Cause.SLOT_ENDED);
    }
  }

  /** Lets go of a slot whose thread cannot be had back, and starts another in its place. */
  void replace(Slot abandoned, Slot successor) {
    // In one step, for both share a tally.
    slots.replaceAll(slot -> slot.equals(abandoned) ? successor : slot);
    launch(successor);
    leave(abandoned);
  }

  /** Ends the worker for this; the first one counts. */
  public void fail(Throwable thrown) {
    failure.compareAndSet(null, thrown);
    wakeUp.wake(WakeUp.Cause.FAILED);
  }

  public @Nullable Throwable failure() {
    return failure.get();
  }

  /** The end of a worker that {@link #fail} has ended; null if nothing has. */
  public @Nullable WorkerEnd endByFailure() {
    Throwable thrown = failure.get();
    if (thrown == null) {
      return null;
    }
    return thrown instanceof PieceworkException redis && isRedisAway(thrown)
        ? WorkerEnd.of(redis)
        : new WorkerEnd.Failed(thrown);
  }

  /** Whether a loop could not have something written, for which no item is at fault. */
  static boolean isRedisAway(Throwable thrown) {
    return thrown instanceof RedisUnreachableException || thrown instanceof RedisRefusesException;
  }

  List<Slot> slots() {
    return slots;
  }

  /** Whether the loop of every slot has ended. */
  public boolean allLeft() {
    return working.get() == 0;
  }

  /** Interrupts every slot: no time is left. */
  public void cut() {
    cut = true;
    threads.values().forEach(Thread::interrupt);
  }

  public boolean isCut() {
    return cut;
  }

  /** The leases that nobody is to begin, nor to go on with. */
  public DroppedLeases dropped() {
    return dropped;
  }

  /**
   * The item of this lease was dropped by a person, or done by another worker: the slot that works
   * on it stops.
   *
   * @return whether there is one
   */
  public boolean drop(Lease lease) {
    // Known first: a slot that begins it now looks after that, or is found on it.
    dropped.add(lease);
    boolean running = false;
    for (Slot slot : slots) {
      running |= slot.drop(lease);
    }
    return running;
  }

  /** Waits for the slots' threads, so long in all. */
  public void join(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    for (Thread thread : threads.values()) {
      long left = end - System.nanoTime();
      if (left > 0) {
        thread.join(Duration.ofNanos(left));
      }
    }
  }

  /** How many slots are at an attempt now. */
  public int busy() {
    int busy = 0;
    for (Slot slot : slots) {
      busy += slot.oldest() == null ? 0 : 1;
    }
    return busy;
  }

  /** Running totals of all slots. */
  public Totals totals() {
    long busyNanos = 0;
    long done = 0;
    long failed = 0;
    long released = 0;
    for (Slot slot : slots) {
      SlotTally tally = slot.tally();
      busyNanos += tally.busyNanos();
      done += tally.done();
      failed += tally.failed();
      released += tally.released();
    }
    return new Totals(busyNanos, done, failed, released);
  }

  /** What the slots have done so far. */
  public record Totals(long busyNanos, long done, long failed, long released) {
    public long ended() {
      return done + failed + released;
    }
  }
}
