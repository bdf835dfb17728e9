package dev.piecework.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is told to move. Safe for use by several threads. */
public final class SettableClock implements InstantSource {
  private Instant now;

  public SettableClock(Instant now) {
    this.now = now;
  }

  /** Begins at a fixed instant that has a fraction, an odd date, and no meaning. */
  public SettableClock() {
    this(Instant.parse("2026-02-28T23:59:58.765432Z"));
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  /** Jumps to that instant, back too: real clocks do. */
  public synchronized void set(Instant instant) {
    now = instant;
  }

  /** Moves on, or back by a negative duration; returns the new instant. */
  public synchronized Instant advance(Duration duration) {
    now = now.plus(duration);
    return now;
  }

  @Override
  public String toString() {
    return "SettableClock[" + instant() + "]";
  }
}
