package dev.piecework.worker.internal.exchange;

import dev.piecework.Ending;
import dev.piecework.Lease;
import dev.piecework.Lot;
import dev.piecework.PieceworkException;
import dev.piecework.Standing;
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
  public record Call(List<Ending> endings, int want, int leased) {}

  public final List<Call> calls = new ArrayList<>();
  public final Deque<Lease> waiting = new ArrayDeque<>();
  public final Map<String, Ending> ended = new HashMap<>();
  public final Set<Lease> leased = new HashSet<>();
  public @Nullable Standing standing;
  public boolean refuseAll;
  public boolean saidLeaving;
  public volatile boolean closed;
  @Nullable String pausedFor;
  public boolean keepCalls = true;
  public @Nullable RuntimeException thrown;
  public @Nullable RuntimeException pauseFails;

  /** A call with such an end in it fails, and changes nothing. */
  public Predicate<Ending> unsendable = ending -> false;

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
  public Lot step(List<Ending> endings, int want) {
    trip.run();
    return stepNow(endings, want);
  }

  private synchronized Lot stepNow(List<Ending> endings, int want) {
    if (thrown != null) {
      throw thrown;
    }
    if (endings.stream().anyMatch(unsendable)) {
      throw new ArithmeticException("cannot be sent");
    }
    List<Ending> refused = new ArrayList<>();
    for (Ending ending : endings) {
      end(ending, refused);
    }
    List<Lease> leases = new ArrayList<>();
    boolean alone = false;
    while (leases.size() < want && !waiting.isEmpty() && standing == null && !alone) {
      boolean culprit = waiting.getFirst().losses() >= 2;
      alone = culprit && !leased.isEmpty();
      if (!alone) {
        Lease lease = waiting.removeFirst();
        leased.add(lease);
        leases.add(lease);
        if (culprit) {
          break;
        }
      }
    }
    if (keepCalls) {
      calls.add(new Call(List.copyOf(endings), want, leases.size()));
    }
    return new Lot(leases, refused, standing(leases), waiting.size(), alone);
  }

  private void end(Ending ending, List<Ending> refused) {
    Lease lease = ending.lease();
    if (refuseAll || !leased.remove(lease)) {
      refused.add(ending);
    } else if (ending instanceof Ending.Release) {
      waiting.addFirst(lease);
    } else if (ended.put(lease.id(), ending) != null) {
      throw new AssertionError("ended twice: " + lease);
    }
  }

  private Standing standing(List<Lease> leases) {
    if (standing != null) {
      return standing;
    }
    if (!leases.isEmpty() || !waiting.isEmpty()) {
      return new Standing.Ready();
    }
    return leased.isEmpty()
        ? new Standing.Drained("run", ended.size(), 0)
        : new Standing.NotYet(Duration.ofSeconds(1), leased.size() + " leased", false);
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
  public synchronized Ending ending(String id) {
    return Objects.requireNonNull(ended.get(id), id);
  }

  public Call last() {
    return calls.getLast();
  }
}
