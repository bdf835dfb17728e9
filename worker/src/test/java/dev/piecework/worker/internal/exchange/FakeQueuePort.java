package dev.piecework.worker.internal.exchange;

import dev.piecework.Lease;
import dev.piecework.LeaseBatch;
import dev.piecework.PieceworkException;
import dev.piecework.QueueState;
import dev.piecework.Settlement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A queue in memory, whose single calls a test can look at. */
public final class FakeQueuePort implements QueuePort {

  /** One call. */
  public record Call(List<Settlement> settlements, int want, int leased) {}

  public final List<Call> calls = new ArrayList<>();
  public final Deque<Lease> waiting = new ArrayDeque<>();
  public final Map<String, Settlement> ended = new HashMap<>();
  public final Set<Lease> leased = new HashSet<>();
  public @Nullable QueueState state;
  public boolean refuseAll;
  public boolean saidLeaving;
  public volatile boolean closed;
  @Nullable String pausedFor;
  @Nullable String stoppedEarly;
  public boolean keepCalls = true;
  public @Nullable RuntimeException thrown;
  public @Nullable RuntimeException pauseFails;

  /** A call with such an end in it fails, and changes nothing. */
  public Predicate<Settlement> unsendable = settlement -> false;

  public Runnable trip = () -> {};
  private boolean woken;

  public static FakeQueuePort holding(int items) {
    FakeQueuePort port = new FakeQueuePort();
    for (int i = 1; i <= items; i++) {
      port.waiting.add(HandMadeLease.of(Integer.toString(i), 0));
    }
    return port;
  }

  @Override
  public LeaseBatch step(List<Settlement> settlements, int want) {
    trip.run();
    return stepNow(settlements, want);
  }

  private synchronized LeaseBatch stepNow(List<Settlement> settlements, int want) {
    if (thrown != null) {
      throw thrown;
    }
    if (settlements.stream().anyMatch(unsendable)) {
      throw new ArithmeticException("cannot be sent");
    }
    List<Settlement> refused = new ArrayList<>();
    for (Settlement settlement : settlements) {
      end(settlement, refused);
    }
    List<Lease> leases = new ArrayList<>();
    boolean alone = false;
    while (leases.size() < want && !waiting.isEmpty() && state == null && !alone) {
      boolean lostTwice = waiting.getFirst().losses() >= 2;
      alone = lostTwice && !leased.isEmpty();
      if (!alone) {
        Lease lease = waiting.removeFirst();
        leased.add(lease);
        leases.add(lease);
        if (lostTwice) {
          break;
        }
      }
    }
    if (keepCalls) {
      calls.add(new Call(List.copyOf(settlements), want, leases.size()));
    }
    return new LeaseBatch(leases, refused, state(leases), waiting.size(), alone);
  }

  private void end(Settlement settlement, List<Settlement> refused) {
    Lease lease = settlement.lease();
    if (refuseAll || !leased.remove(lease)) {
      refused.add(settlement);
    } else if (settlement instanceof Settlement.Release) {
      waiting.addFirst(lease);
    } else if (ended.put(lease.id(), settlement) != null) {
      throw new AssertionError("ended twice: " + lease);
    }
  }

  private QueueState state(List<Lease> leases) {
    if (state != null) {
      return state;
    }
    if (!leases.isEmpty() || !waiting.isEmpty()) {
      return new QueueState.Ready();
    }
    return leased.isEmpty()
        ? new QueueState.Drained("run", ended.size(), 0)
        : new QueueState.NotYet(
            Duration.ofSeconds(1), new QueueState.WaitReason.Leased(leased.size(), 1));
  }

  /** A person drops the item of a lease. */
  public synchronized Lease drop(String id) {
    Lease lease = leased.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
    leased.remove(lease);
    return lease;
  }

  @Override
  public synchronized void awaitChange(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    long left = atMost.toMillis();
    while (!woken && left > 0) {
      wait(left);
      left = (end - System.nanoTime()) / 1_000_000;
    }
    woken = false;
  }

  @Override
  public Duration lookAgain() {
    return Duration.ofSeconds(1);
  }

  @Override
  public synchronized void wake() {
    woken = true;
    notifyAll();
  }

  @Override
  public synchronized void leaving() {
    saidLeaving = true;
  }

  @Override
  public java.time.Duration sinceHeard() {
    return java.time.Duration.ZERO;
  }

  @Override
  public synchronized int holds() {
    return leased.size();
  }

  @Override
  public boolean leaveEarly() {
    return true;
  }

  @Override
  public void pause(String reason) {
    if (pauseFails != null) {
      throw pauseFails;
    }
    pausedFor = reason;
  }

  @Override
  public @Nullable String stoppedEarly() {
    return stoppedEarly;
  }

  @Override
  public void close() {
    try {
      trip.run();
      giveBack();
    } catch (PieceworkException away) {
      closed = true;
    }
  }

  private synchronized void giveBack() {
    waiting.addAll(leased);
    leased.clear();
    closed = true;
  }

  /** How this item ended. */
  public synchronized Settlement settlement(String id) {
    return Objects.requireNonNull(ended.get(id), id);
  }

  public Call last() {
    return calls.getLast();
  }
}
