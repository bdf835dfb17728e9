package dev.piecework.worker;

import dev.piecework.Ending;
import dev.piecework.Lease;
import dev.piecework.Lot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What this worker holds, and the calls that change it. A lease is on the shelf, running in a slot,
 * or ended and yet to be sent. For the feeder's thread.
 */
final class Holdings {

  private static final int LARGEST_CALL = WorkerConfig.LARGEST_LOT;

  private final Desk desk;
  private final Floor floor;
  private final Pacing pacing;
  private final Notices notices;
  private final List<Ending> pending = new ArrayList<>(LARGEST_CALL);
  private int held;
  private long pendingSince;
  private long lastProgress;
  private final AtomicLong refused = new AtomicLong();

  Holdings(Desk desk, Floor floor, Pacing pacing, Notices notices) {
    this.desk = desk;
    this.floor = floor;
    this.pacing = pacing;
    this.notices = notices;
    this.lastProgress = floor.ticker().now();
  }

  /** Gathers what the slots have ended. */
  void collect(long now) {
    int before = pending.size();
    floor.outbox().drainTo(pending, LARGEST_CALL);
    if (pending.size() > before) {
      lastProgress = now;
      pendingSince = before == 0 ? now : pendingSince;
    }
  }

  /** Gives back untried, with the next call, what is on the shelf. */
  int giveBackUnstarted() {
    List<Lease> leases = floor.shelf().clear();
    for (Lease lease : leases) {
      pending.add(new Ending.Release(lease));
    }
    return leases.size();
  }

  /** Sends what has ended, as much as goes into a call, and puts what it leases on the shelf. */
  Lot call(int want) {
    List<Ending> batch = pending.subList(0, Math.min(pending.size(), LARGEST_CALL));
    long began = floor.ticker().now();
    Lot lot = desk.step(batch, want);
    long now = floor.ticker().now();
    pacing.called(now - began);
    held += lot.leases().size() - batch.size();
    batch.clear();
    pendingSince = now;
    if (!lot.leases().isEmpty()) {
      lastProgress = now;
      pacing.leased(lot.leases());
      floor.shelf().put(lot.leases());
    }
    if (!lot.refused().isEmpty()) {
      tellRefused(lot.refused());
    }
    return lot;
  }

  private void tellRefused(List<Ending> endings) {
    // What was given back untried is no loss to anybody.
    long late = endings.stream().filter(ending -> !(ending instanceof Ending.Release)).count();
    refused.addAndGet(late);
    if (late > 0) {
      notices.say(
          "refused",
          "item "
              + endings.getFirst().lease().id()
              + " was finished too late and refused: its lease was lost, others do it"
              + " (said once; more may follow)");
    }
  }

  int held() {
    return held;
  }

  List<Ending> pending() {
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

  long refused() {
    return refused.get();
  }
}
