package dev.piecework.worker;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The worker's own clock: for measuring and for people. What is due is decided by Redis's clock.
 *
 * @param nanos as {@link System#nanoTime}
 * @param wall what to tell people
 */
record Ticker(LongSupplier nanos, InstantSource wall) {

  static final Ticker SYSTEM = new Ticker(System::nanoTime, InstantSource.system());

  long now() {
    return nanos.getAsLong();
  }
}
