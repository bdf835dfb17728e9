package dev.piecework.cli.throttle;

import dev.piecework.HumanSize;
import dev.piecework.cli.verb.Printable;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Background actor: where less than half of the memory is free that a start needs, it has the
 * youngest command ended and its item given back. One at a time, until there is more.
 */
final class MemoryGuard implements Runnable {

  private static final long PAUSE_MILLIS = 500;

  private final long least;
  private final LongSupplier free;
  private final YoungestFirst running;
  private final Consumer<String> notices;

  /**
   * @param least what a start needs
   */
  MemoryGuard(long least, LongSupplier free, YoungestFirst running, Consumer<String> notices) {
    this.least = least;
    this.free = free;
    this.running = running;
    this.notices = notices;
  }

  @Override
  public void run() {
    try {
      while (true) {
        look();
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  /** Once; a test's, too. */
  void look() {
    long now = free.getAsLong();
    if (now < least / 2) {
      running
          .giveBackYoungest()
          .ifPresent(attempt ->
              notices.accept(
                  "item "
                      + Printable.line(attempt.id(), 60)
                      + " is ended and given back: "
                      + HumanSize.format(now)
                      + " of memory are free, of --min-memory "
                      + HumanSize.format(least)));
    }
  }
}
