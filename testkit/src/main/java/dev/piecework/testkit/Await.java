package dev.piecework.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Looks again and again at something that sends no signal, such as another process. */
final class Await {
  static final Duration LIMIT = Duration.ofMinutes(3);

  private Await() {}

  /** Returns when it is so. What throws is not so, yet. */
  static void until(String what, Callable<Boolean> isSo) {
    long limit = System.nanoTime() + LIMIT.toNanos();
    Exception last = null;
    while (System.nanoTime() < limit) {
      try {
        if (isSo.call()) {
          return;
        }
        last = null;
      } catch (Exception e) {
        last = e;
      }
      try {
        // Also after a refused connection: without it, each server that starts has a processor
        // less.
        Thread.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting until " + what, e);
      }
    }
    throw new IllegalStateException(
        "waited " + LIMIT.toSeconds() + " s in vain until " + what, last);
  }
}
