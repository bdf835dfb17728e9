package dev.piecework.cli.selftest;

import dev.piecework.RedisUri;
import dev.piecework.cli.verb.Printable;
import java.time.Duration;
import java.util.Locale;

/**
 * What one check came to.
 *
 * @param text what was seen, or why not; one line without passwords
 */
record CheckResult(String name, Outcome outcome, String text, Duration took) {

  /** Only {@code FAILED} makes the self-test fail. */
  enum Outcome {
    OK,
    FAILED,
    SKIPPED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A check that cannot be made here, and why. */
  static final class SkippedException extends Exception {

    private static final long serialVersionUID = 1L;

    SkippedException(String reason) {
      super(reason);
    }
  }

  /** One check. */
  @FunctionalInterface
  interface Check {

    /**
     * Returns what it saw, or throws why it failed.
     *
     * @throws Exception with a message for people
     */
    String run() throws Exception;
  }

  static CheckResult of(String name, Check check) throws InterruptedException {
    long begin = System.nanoTime();
    Outcome outcome = Outcome.OK;
    String text;
    try {
      text = check.run();
    } catch (InterruptedException told) {
      throw told;
    } catch (SkippedException skipped) {
      outcome = Outcome.SKIPPED;
      text = String.valueOf(skipped.getMessage());
    } catch (Exception | LinkageError failed) {
      outcome = Outcome.FAILED;
      String message = failed.getMessage();
      text = message == null ? failed.getClass().getSimpleName() : message;
    }
    String shown = Printable.line(RedisUri.masked(text), 400);
    return new CheckResult(name, outcome, shown, Duration.ofNanos(System.nanoTime() - begin));
  }
}
