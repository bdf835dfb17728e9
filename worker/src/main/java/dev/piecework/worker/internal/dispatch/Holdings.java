package dev.piecework.worker.internal.dispatch;

import static dev.piecework.worker.internal.exchange.Outcomes.name;

import dev.piecework.Lease;
import dev.piecework.LeaseBatch;
import dev.piecework.PieceworkException;
import dev.piecework.QueueState;
import dev.piecework.Settlement;
import dev.piecework.worker.WorkerConfig;
import dev.piecework.worker.internal.exchange.DroppedLeases;
import dev.piecework.worker.internal.exchange.Outcomes;
import dev.piecework.worker.internal.exchange.QueuePort;
import dev.piecework.worker.internal.exchange.WorkerContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this worker holds, and the calls that change it. A lease is prefetched, running in a slot,
 * or ended and yet to be sent. For the dispatcher's thread.
 */
public final class Holdings {

  private static final Logger log = LoggerFactory.getLogger(Holdings.class);

  private static final int LARGEST_CALL = WorkerConfig.LARGEST_BATCH;

  private final QueuePort port;
  private final WorkerContext context;
  private final BatchTiming timing;
  private final Notices notices;
  private final DroppedLeases dropped;
  private final List<Settlement> pending = new ArrayList<>(LARGEST_CALL);
  private int held;
  private long pendingSince;
  private long lastProgress;
  private final AtomicLong refused = new AtomicLong();

  public Holdings(
      QueuePort port,
      WorkerContext context,
      BatchTiming timing,
      Notices notices,
      DroppedLeases dropped) {
    this.port = port;
    this.context = context;
    this.timing = timing;
    this.notices = notices;
    this.dropped = dropped;
    this.lastProgress = context.ticker().now();
  }

  /** Gathers what the slots have ended. */
  void collect(long now) {
    int before = pending.size();
    context.outbox().drainTo(pending, LARGEST_CALL);
    if (pending.size() > before) {
      lastProgress = now;
      pendingSince = before == 0 ? now : pendingSince;
    }
  }

  /** Gives back untried, with the next call, what is prefetched. */
  int giveBackUnstarted() {
    List<Lease> leases = context.buffer().clear();
    for (Lease lease : leases) {
      pending.add(new Settlement.Release(lease));
    }
    return leases.size();
  }

  /** Sends what has ended, as much as goes into a call, and puts what it leases into the buffer. */
  LeaseBatch call(int want) {
    List<Settlement> settlements = pending.subList(0, Math.min(pending.size(), LARGEST_CALL));
    long began = context.ticker().now();
    LeaseBatch batch = step(settlements, want);
    long now = context.ticker().now();
    timing.called(now - began);
    held += batch.leases().size() - settlements.size();
    if (!batch.leases().isEmpty()) {
      lastProgress = now;
      timing.leased(batch.leases());
      context.buffer().put(batch.leases());
    }
    if (!batch.refused().isEmpty()) {
      tellRefused(batch.refused()); // after the slots have their leases: who listens may be slow
    }
    dropped.forget(settlements);
    settlements.clear();
    pendingSince = now;
    return batch;
  }

  /**
   * Leases what another worker holds, for a slot that is idle.
   *
   * @return whether there was something
   */
  boolean backUp() {
    Optional<Lease> copy = port.backUp();
    copy.ifPresent(lease -> {
      held++;
      lastProgress = context.ticker().now();
      context.buffer().put(List.of(lease));
    });
    return copy.isPresent();
  }

  /**
   * An end that cannot be sent, for whatever reason, is not to hold up the others, nor to be tried
   * by one worker after the other: it is found by halving, and charged as a failed attempt.
   */
  private LeaseBatch step(List<Settlement> settlements, int want) {
    try {
      return port.step(settlements, want);
    } catch (PieceworkException known) {
      throw known;
    } catch (RuntimeException | Error unsendable) {
      if (settlements.isEmpty()) {
        throw unsendable;
      }
      log.warn("the ends of {} items could not be sent: {}", settlements.size(), name(unsendable));
      List<Settlement> late = new ArrayList<>();
      sendApart(List.copyOf(settlements), unsendable, late);
      if (unsendable instanceof OutOfMemoryError) {
        throw unsendable;
      }
      return new LeaseBatch(List.of(), late, new QueueState.Ready(), 0, false);
    }
  }

  private void sendApart(
      List<Settlement> settlements, Throwable unsendable, List<Settlement> late) {
    if (settlements.size() == 1) {
      Settlement one = settlements.getFirst();
      String reason = "what the handler said of this item could not be sent: " + name(unsendable);
      late.addAll(
          port.step(List.of(new Settlement.Retry(one.lease(), reason, Optional.empty())), 0)
              .refused());
      return;
    }
    int middle = settlements.size() / 2;
    for (List<Settlement> half :
        List.of(settlements.subList(0, middle), settlements.subList(middle, settlements.size()))) {
      try {
        late.addAll(port.step(half, 0).refused());
      } catch (PieceworkException known) {
        throw known;
      } catch (RuntimeException | Error again) {
        sendApart(half, again, late);
      }
    }
  }

  private void tellRefused(List<Settlement> settlements) {
    // What was given back untried is no loss to anybody; of what was dropped all is said.
    List<Settlement> late =
        settlements.stream()
            .filter(settlement -> !(settlement instanceof Settlement.Release))
            .filter(settlement -> !dropped.contains(settlement.lease()))
            .toList();
    refused.addAndGet(late.size());
    late.forEach(settlement -> context.listeners().leaseLost(Outcomes.attempt(settlement.lease())));
    if (!late.isEmpty()) {
      notices.say(
          "refused",
          "item "
              + late.getFirst().lease().id()
              + " was finished too late and refused: its lease was lost, others do it, or it was dropped"
              + " (said once; more may follow)");
    }
  }

  int held() {
    return held;
  }

  List<Settlement> pending() {
    return pending;
  }

  /** How many slots' items may still end without another call. */
  int running(int unstarted) {
    return held - unstarted - pending.size();
  }

  long pendingFor(long now) {
    return now - pendingSince;
  }

  /** How long ago something ended, or was leased. */
  long stillFor(long now) {
    return now - lastProgress;
  }

  public long refused() {
    return refused.get();
  }
}
