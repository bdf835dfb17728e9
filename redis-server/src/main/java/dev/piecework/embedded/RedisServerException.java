package dev.piecework.embedded;

import org.jspecify.annotations.Nullable;

/** A Redis could not be found, started or reached. The message is one line, meant for a person. */
public final class RedisServerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RedisServerException(String message) {
    this(message, null);
  }

  RedisServerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
