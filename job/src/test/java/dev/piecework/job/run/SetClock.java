package dev.piecework.job.run;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that a test sets; it begins at {@link #START}. */
final class SetClock implements InstantSource {
  static final Instant START = Instant.parse("2026-11-23T18:00:00Z");

  private Instant now = START;

  @Override
  public Instant instant() {
    return now;
  }

  void set(Instant instant) {
    now = instant;
  }

  long seconds() {
    return seconds(now);
  }

  static long seconds(Instant instant) {
    return instant.getEpochSecond() - START.getEpochSecond();
  }
}
