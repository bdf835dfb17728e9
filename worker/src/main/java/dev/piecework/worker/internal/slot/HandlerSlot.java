package dev.piecework.worker.internal.slot;

import dev.piecework.HumanDuration;
import dev.piecework.Lease;
import dev.piecework.Settlement;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Handler;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.internal.exchange.Outcomes;
import dev.piecework.worker.internal.exchange.WorkerContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A slot that gives a handler one item after the other. With a time-out, and when an item is
 * dropped, somebody watches it: {@link TimeoutWatch}.
 */
public final class HandlerSlot implements Slot {

  private enum Phase {
    /** Between items. */
    FREE,
    RUNNING,
    /** Interrupted for its time; whatever the handler says, the attempt has failed. */
    OVERDUE,
    /** Interrupted, as its lease was lost alone; whatever the handler says is not heard. */
    DROPPED,
    /** It did not heed the interrupt: its attempt was ended by the watch, its place filled. */
    ABANDONED
  }

  private final Handler handler;
  private final WorkerContext context;
  private final SlotPool pool;
  private final @Nullable Duration timeout;
  private final SlotTally tally;
  private final Stopwatch stopwatch;
  private volatile @Nullable Thread thread;
  private volatile @Nullable Lease current;
  private volatile long startedNanos;
  private Phase phase = Phase.FREE;
  private long interruptedNanos;

  /**
   * @param tally goes on counting what a predecessor in this slot has done
   */
  public HandlerSlot(
      Handler handler,
      WorkerContext context,
      SlotPool pool,
      @Nullable Duration timeout,
      SlotTally tally) {
    this.handler = handler;
    this.context = context;
    this.pool = pool;
    this.timeout = timeout;
    this.tally = tally;
    this.stopwatch = new Stopwatch(context.ticker(), tally.slot());
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    long now = 0;
    while (!pool.isCut()) {
      if (tooMany()) {
        return;
      }
      Lease lease = context.buffer().poll();
      if (lease == null) {
        current = null;
        lease = await();
        if (lease == null) {
          return;
        }
        now = 0;
      }
      if (now == 0) {
        now = context.ticker().now();
      }
      now = work(lease, now);
      if (now < 0) {
        return;
      }
    }
  }

  private boolean tooMany() {
    return pool.isBeyond(tally.slot()) && pool.ends(tally.slot());
  }

  private @Nullable Lease await() {
    while (!pool.isCut()) {
      try {
        return context.buffer().take(this::tooMany);
      } catch (InterruptedException byTheHandler) {
        // Nobody else interrupts a slot that is not cut off: some handler's thread did it late.
      }
    }
    return null;
  }

  /** Does one item. The next one starts where this ends: one look at the clock for both. */
  private long work(Lease lease, long started) {
    begin(lease, started);
    Attempt attempt = Outcomes.attempt(lease, pool.dropped());
    context.listeners().attemptStarted(attempt);
    Outcome outcome = pool.dropped().contains(lease) ? Outcome.release() : handle(attempt);
    long now = context.ticker().now();
    Phase ended = end();
    if (ended == Phase.ABANDONED) {
      return -1;
    }
    if (ended == Phase.OVERDUE) {
      outcome = timedOut("and was interrupted");
    } else if (ended == Phase.DROPPED) {
      outcome = Outcome.release();
    }
    report(attempt, lease, outcome, now - started);
    return now;
  }

  private Outcome handle(Attempt attempt) {
    try {
      Outcome outcome = handler.handle(attempt);
      return outcome != null ? outcome : Outcome.retry("the handler answered null");
    } catch (OutOfMemoryError outOfMemory) {
      // Charged to the item: given back untried it would end every worker, for ever.
      pool.fail(outOfMemory);
      return Outcome.retry(Outcomes.name(outOfMemory));
    } catch (Throwable thrown) {
      return pool.isCut() ? Outcome.release() : Outcomes.thrown(thrown);
    } finally {
      // An interrupt that was meant for this item, or set by it, is not for the next.
      Thread.interrupted();
    }
  }

  private void report(Attempt attempt, Lease lease, Outcome said, long nanos) {
    Outcome outcome = Outcomes.thatFits(lease, Outcomes.ofData(said));
    tally.count(outcome, nanos);
    Settlement.Took took = stopwatch.took(startedNanos, nanos);
    context.end(Outcomes.settlement(lease, outcome, took));
    context.listeners().attemptEnded(attempt, outcome, nanos);
  }

  private synchronized void begin(Lease lease, long now) {
    startedNanos = now;
    current = lease;
    phase = Phase.RUNNING;
  }

  private synchronized Phase end() {
    Phase ended = phase;
    phase = Phase.FREE;
    Thread.interrupted();
    return ended;
  }

  @Override
  public synchronized boolean drop(Lease lease) {
    if (phase != Phase.RUNNING || !lease.equals(current)) {
      return false;
    }
    phase = Phase.DROPPED;
    interruptedNanos = context.ticker().now();
    interrupt();
    return true;
  }

  /**
   * Looks at the clock for the handler: interrupts one that is overdue, gives up one that has not
   * heeded that for {@code grace}.
   *
   * @return when to look again, or {@link Long#MAX_VALUE} when this slot was given up
   */
  long watch(long now, long grace) {
    Watched seen = look(now, grace);
    if (seen.abandoned() != null) {
      // Not within the monitor: who listens may be slow, and the heartbeat asks for it.
      Abandoned item = seen.abandoned();
      report(Outcomes.attempt(item.lease()), item.lease(), item.outcome(), item.age());
    }
    return seen.next();
  }

  /** An item whose handler is not waited for any more, and how that attempt ended. */
  private record Abandoned(Lease lease, Outcome outcome, long age) {}

  private record Watched(long next, @Nullable Abandoned abandoned) {}

  private synchronized Watched look(long now, long grace) {
    long limit = timeout == null ? Long.MAX_VALUE / 2 : timeout.toNanos();
    long age = now - startedNanos;
    if (phase == Phase.RUNNING && age >= limit) {
      phase = Phase.OVERDUE;
      interruptedNanos = startedNanos + limit;
      interrupt();
    }
    boolean mayHeed = now - interruptedNanos < grace;
    if (phase == Phase.OVERDUE && !mayHeed) {
      return abandon(age, timedOut("and did not heed its interrupt"));
    }
    if (phase == Phase.DROPPED && !mayHeed) {
      return abandon(age, Outcome.release());
    }
    long next =
        switch (phase) {
          case FREE -> now + limit;
          case RUNNING -> startedNanos + limit;
          case OVERDUE, DROPPED -> interruptedNanos + grace;
          case ABANDONED -> Long.MAX_VALUE;
        };
    return new Watched(next, null);
  }

  private Watched abandon(long age, Outcome outcome) {
    Lease lease = current;
    phase = Phase.ABANDONED;
    return new Watched(Long.MAX_VALUE, lease == null ? null : new Abandoned(lease, outcome, age));
  }

  private Outcome timedOut(String how) {
    String limit = timeout == null ? "it may" : HumanDuration.format(timeout);
    return Outcome.retry("the handler took longer than " + limit + " " + how);
  }

  void interrupt() {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  /** Who goes on in the place of a slot that was given up. */
  HandlerSlot successor() {
    return new HandlerSlot(handler, context, pool, timeout, tally);
  }

  @Override
  public @Nullable Running oldest() {
    Lease lease = current;
    return lease == null ? null : new Running(lease, startedNanos);
  }

  /** Not of one that has ended, though it is still here until the next one comes. */
  @Override
  public synchronized long busyNanos(long now) {
    return switch (phase) {
      case RUNNING, OVERDUE, DROPPED -> Math.max(now - startedNanos, 0);
      case FREE, ABANDONED -> 0;
    };
  }

  @Override
  public SlotTally tally() {
    return tally;
  }
}
