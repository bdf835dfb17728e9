package dev.piecework.worker.internal.slot;

import dev.piecework.Settlement.Took;
import dev.piecework.worker.internal.exchange.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** When attempts started and how long they took, for people. For one thread at a time. */
final class Stopwatch {

  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long STALE = TimeUnit.SECONDS.toNanos(1);

  private final Ticker ticker;
  private long anchorNanos;
  private long anchorMillis;
  private long lastStarted;
  private long lastMillis;
  private Took last = new Took(Instant.EPOCH, Duration.ZERO);

  Stopwatch(Ticker ticker) {
    this.ticker = ticker;
    anchor(ticker.now());
  }

  /** Tiny items share a millisecond, and then this record too. */
  Took took(long startedNanos, long nanos) {
    // The wall clock is asked once a second: it may be set, and asking costs as much as an item.
    if (startedNanos - anchorNanos > STALE) {
      anchor(startedNanos);
    }
    long started = anchorMillis + (startedNanos - anchorNanos) / MILLI;
    long millis = nanos / MILLI;
    if (lastStarted != started || lastMillis != millis) {
      lastStarted = started;
      lastMillis = millis;
      last = new Took(Instant.ofEpochMilli(started), Duration.ofMillis(millis));
    }
    return last;
  }

  private void anchor(long nanos) {
    long now = ticker.now();
    anchorNanos = nanos;
    anchorMillis = ticker.wall().millis() - (now - nanos) / MILLI;
  }
}
