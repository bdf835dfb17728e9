package dev.piecework.bag;

import java.time.Duration;

/** Says of an attempt that it failed, and when to try again. It is counted as failed. */
public final class RetryItemException extends Exception {

  private static final long serialVersionUID = 1;

  private final Duration after;

  public RetryItemException(String message, Duration after) {
    super(message);
    this.after = after;
  }

  public Duration after() {
    return after;
  }
}
