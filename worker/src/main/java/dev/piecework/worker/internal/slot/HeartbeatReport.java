package dev.piecework.worker.internal.slot;

import dev.piecework.QueueStatus.OldestItem;
import dev.piecework.Session;
import dev.piecework.worker.internal.exchange.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the heartbeat tells of this worker. Called by the heartbeat's thread only. */
public final class HeartbeatReport implements Session.Reporter {

  private final SlotPool pool;
  private final Ticker ticker;
  private long[] told = new long[SlotTally.BUCKETS];

  public HeartbeatReport(SlotPool pool, Ticker ticker) {
    this.pool = pool;
    this.ticker = ticker;
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
    if (oldest == null) {
      return null;
    }
    // Whether it is suspicious is for the queue to say, which knows everybody's durations.
    Duration age = Duration.ofNanos(now - oldest.startedNanos());
    return new OldestItem(oldest.lease().id(), oldest.lease().attempt(), age, false);
  }

  @Override
  public long[] durations() {
    long[] sums = new long[SlotTally.BUCKETS];
    for (Slot slot : pool.slots()) {
      slot.tally().addDurationsTo(sums);
    }
    long[] news = new long[SlotTally.BUCKETS];
    for (int bucket = 0; bucket < news.length; bucket++) {
      news[bucket] = sums[bucket] - told[bucket];
    }
    told = sums;
    return news;
  }
}
