package dev.piecework;

import org.jspecify.annotations.Nullable;

/**
 * A result is larger than the queue's {@code result-max}. Nothing was changed: the lease is held
 * and may be ended otherwise.
 */
public final class ResultTooLargeException extends PieceworkException {

  private static final long serialVersionUID = 1;

  public ResultTooLargeException(String message) {
    this(message, null);
  }

  public ResultTooLargeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
