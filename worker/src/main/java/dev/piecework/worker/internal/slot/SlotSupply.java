package dev.piecework.worker.internal.slot;

import dev.piecework.Lease;
import dev.piecework.Settlement;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Supply;
import dev.piecework.worker.internal.exchange.DroppedLeases;
import dev.piecework.worker.internal.exchange.Outcomes;
import dev.piecework.worker.internal.exchange.QueuePort;
import dev.piecework.worker.internal.exchange.WorkerContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What one slot's loop is supplied with, and what it has in hand. */
final class SlotSupply implements Supply {

  /** An attempt is told from an equal one by being another object. */
  private record Key(Attempt attempt) {
    @Override
    @SuppressWarnings("ReferenceEquality") // which is the point
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && key.attempt == attempt;
    }

    @Override
    public int hashCode() {
      return attempt.id().hashCode();
    }
  }

  private final WorkerContext context;
  private final QueuePort port;
  private final SlotTally tally;
  private final Stopwatch stopwatch;
  private final DroppedLeases dropped;
  // In the order in which they were taken, so that the first is the oldest.
  private final Map<Key, Slot.Running> inHand = new LinkedHashMap<>();
  private long lastEnd;
  private final BooleanSupplier tooMany;
  private volatile boolean told;

  SlotSupply(WorkerContext context, QueuePort port, SlotTally tally, SlotPool pool) {
    this.context = context;
    this.port = port;
    this.tally = tally;
    this.dropped = pool.dropped();
    this.tooMany = () -> pool.isBeyond(tally.slot()) && pool.ends(tally.slot());
    this.stopwatch = new Stopwatch(context.ticker(), tally.slot());
  }

  @Override
  public @Nullable Attempt take() throws InterruptedException {
    List<Attempt> one = List.of();
    while (one.isEmpty()) {
      Lease lease = context.buffer().take(tooMany);
      if (lease == null) {
        told = true;
        return null;
      }
      one = begin(List.of(lease));
    }
    return one.getFirst();
  }

  @Override
  public List<Attempt> more(int max) throws InterruptedException {
    return max <= 0 ? List.of() : begin(context.buffer().more(max));
  }

  private List<Attempt> begin(List<Lease> leases) {
    List<Attempt> attempts = new ArrayList<>(leases.size());
    List<Lease> gone = new ArrayList<>(0);
    long now = context.ticker().now();
    synchronized (this) {
      for (Lease lease : leases) {
        if (dropped.contains(lease)) {
          gone.add(lease);
          continue;
        }
        Attempt attempt = Outcomes.attempt(lease, dropped);
        inHand.put(new Key(attempt), new Slot.Running(lease, now));
        attempts.add(attempt);
      }
    }
    attempts.forEach(context.listeners()::attemptStarted);
    gone.forEach(lease -> context.end(new Settlement.Release(lease)));
    return attempts;
  }

  @Override
  public void finish(Attempt attempt, Outcome outcome) {
    if (!end(attempt, outcome != null ? outcome : Outcome.retry("the loop answered null"))) {
      throw new IllegalStateException("attempt at item " + attempt.id() + " was finished before");
    }
  }

  private boolean end(Attempt attempt, Outcome said) {
    Outcome outcome;
    long took;
    Settlement settlement;
    synchronized (this) {
      Slot.Running running = inHand.remove(new Key(attempt));
      if (running == null) {
        return false;
      }
      outcome = Outcomes.thatFits(running.lease(), said);
      long started = running.startedNanos();
      long now = context.ticker().now();
      took = now - started;
      // Items that were in hand together share the time: each is charged what it added.
      tally.count(outcome, now - Math.max(started, lastEnd));
      lastEnd = now;
      settlement = Outcomes.settlement(running.lease(), outcome, stopwatch.took(started, took));
    }
    // Outside the lock, for it may have to wait.
    context.end(settlement);
    context.listeners().attemptEnded(attempt, outcome, took);
    return true;
  }

  @Override
  public boolean isDropped(Attempt attempt) {
    if (dropped.isEmpty()) {
      return false;
    }
    synchronized (this) {
      Slot.Running running = inHand.get(new Key(attempt));
      return running != null && dropped.contains(running.lease());
    }
  }

  @Override
  public boolean isEnding() {
    return context.buffer().isClosed();
  }

  synchronized boolean holds(Lease lease) {
    return inHand.values().stream().anyMatch(running -> running.lease().equals(lease));
  }

  @Override
  public void pauseQueue(String reason) {
    port.pause(reason);
  }

  synchronized Slot.@Nullable Running oldest() {
    return inHand.isEmpty() ? null : inHand.values().iterator().next();
  }

  synchronized long busyNanos(long now) {
    return inHand.isEmpty()
        ? 0
        : Math.max(now - Math.max(inHand.values().iterator().next().startedNanos(), lastEnd), 0);
  }

  /** A loop that ends on its own would leave the bag undone without a word. */
  void requireEnded() {
    if (!told && !context.buffer().isClosed()) {
      throw new IllegalStateException("a slot's loop ended before its supply did");
    }
  }

  /**
   * The loop has failed: of what it has in hand that which it has had for longest is charged, and
   * no other. So the item at fault is found at last, as with a child that dies.
   */
  void failOldest(Outcome outcome) {
    Key oldest;
    synchronized (this) {
      oldest = inHand.isEmpty() ? null : inHand.keySet().iterator().next();
    }
    if (oldest != null) {
      end(oldest.attempt(), outcome);
    }
  }

  /** Gives back what the loop has left unfinished. */
  void releaseRest() {
    List<Key> rest;
    synchronized (this) {
      rest = List.copyOf(inHand.keySet());
    }
    for (Key key : rest) {
      end(key.attempt(), Outcome.release());
    }
  }
}
