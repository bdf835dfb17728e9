package dev.piecework;

import org.jspecify.annotations.Nullable;

/** Redis could not be reached, or refused the password, for as long as the time-out allows. */
public final class RedisUnreachableException extends PieceworkException {

  private static final long serialVersionUID = 1;

  public RedisUnreachableException(String message) {
    this(message, null);
  }

  public RedisUnreachableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
