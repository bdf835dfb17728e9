package dev.piecework;

import org.jspecify.annotations.Nullable;

/**
 * Redis refuses to write (full, read-only, disk), and went on refusing for as long as the time-out
 * allows. Nothing was changed.
 */
public final class RedisRefusesException extends PieceworkException {

  private static final long serialVersionUID = 1;

  public RedisRefusesException(String message) {
    this(message, null);
  }

  public RedisRefusesException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
