package dev.piecework.worker.internal.exchange;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The worker's own clock: for measuring and for people. What is due is decided by Redis's clock.
 *
 * @param nanos as {@link System#nanoTime}
 * @param wall what to tell people
 */
public record Ticker(LongSupplier nanos, InstantSource wall) {

  public static final Ticker SYSTEM = new Ticker(System::nanoTime, InstantSource.system());

  public long now() {
    return nanos.getAsLong();
  }
}
