package dev.piecework;

import org.jspecify.annotations.Nullable;

/**
 * The lease is no longer held: its session was reaped, the item was ended before, or the queue was
 * purged. Nothing was changed.
 */
public final class LeaseLostException extends PieceworkException {

  private static final long serialVersionUID = 1;

  public LeaseLostException(String message) {
    this(message, null);
  }

  public LeaseLostException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
