package dev.piecework;

import org.jspecify.annotations.Nullable;

/**
 * The run that this client works for is neither the current one nor among those that ended: Redis
 * came back without it. Never success.
 */
public final class RunLostException extends PieceworkException {

  private static final long serialVersionUID = 1;

  public RunLostException(String message) {
    this(message, null);
  }

  public RunLostException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
