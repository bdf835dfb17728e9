package dev.piecework.cli.throttle;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** So much time between two starts. */
final class DelayRule implements StartRule {

  private final Duration delay;
  private final InstantSource clock;
  private @Nullable Instant last;

  DelayRule(Duration delay, InstantSource clock) {
    this.delay = delay;
    this.clock = clock;
  }

  @Override
  public @Nullable String heldBack() {
    Instant before = last;
    if (before == null) {
      return null;
    }
    Duration since = Duration.between(before, clock.instant());
    // A clock that was set back must not hold a start back for as long.
    return since.compareTo(delay) >= 0 || since.isNegative() ? null : "";
  }

  @Override
  public void started() {
    last = clock.instant();
  }
}
