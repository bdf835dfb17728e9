package dev.piecework.worker.internal.slot;

import dev.piecework.QueueStatus.OldestItem;
import dev.piecework.Session;
import dev.piecework.Session.SlotTimes;
import dev.piecework.worker.internal.exchange.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the heartbeat tells of this worker. Called by the heartbeat's thread only. */
public final class HeartbeatReport implements Session.Reporter {

  private final SlotPool pool;
  private final Ticker ticker;
  private long toldNanos;
  private SlotTimes told = SlotTimes.NONE;

  public HeartbeatReport(SlotPool pool, Ticker ticker) {
    this.pool = pool;
    this.ticker = ticker;
    this.toldNanos = ticker.now();
  }

  @Override
  public @Nullable OldestItem oldest() {
    long now = ticker.now();
    Slot.Running oldest = null;
    for (Slot slot : pool.slots()) {
      Slot.Running running = slot.oldest();
      if (running != null
          && (oldest == null || now - running.startedNanos() > now - oldest.startedNanos())) {
        oldest = running;
      }
    }
    return oldest == null ? null : item(oldest, now);
  }

  /** One for each slot: of what a child was sent ahead it has begun the first only. */
  @Override
  public List<OldestItem> running() {
    long now = ticker.now();
    List<OldestItem> running = new ArrayList<>();
    for (Slot slot : pool.slots()) {
      Slot.Running oldest = slot.oldest();
      if (oldest != null) {
        running.add(item(oldest, now));
      }
    }
    return running;
  }

  private static OldestItem item(Slot.Running running, long now) {
    // Whether it is suspicious is for the queue to say, which knows everybody's durations.
    Duration age = Duration.ofNanos(now - running.startedNanos());
    return new OldestItem(running.lease().id(), running.lease().attempt(), age, false);
  }

  @Override
  public SlotTimes slots() {
    long now = ticker.now();
    long useful = 0;
    long failed = 0;
    long other = 0;
    for (Slot slot : pool.slots()) {
      SlotTally tally = slot.tally();
      useful += tally.usefulNanos();
      failed += tally.failedNanos();
      other += tally.releasedNanos();
      other += slot.busyNanos(now);
    }
    SlotTimes sums =
        new SlotTimes(
            told.all().plusNanos((now - toldNanos) * pool.size()),
            Duration.ofNanos(useful),
            Duration.ofNanos(failed),
            Duration.ofNanos(other));
    SlotTimes since =
        new SlotTimes(
            sums.all().minus(told.all()),
            sums.useful().minus(told.useful()),
            sums.failed().minus(told.failed()),
            sums.other().minus(told.other()));
    told = sums;
    toldNanos = now;
    return since;
  }
}
