package dev.piecework;

import org.jspecify.annotations.Nullable;

/**
 * A fill was refused: the input differs from what its source gave before, a payload is too large,
 * an id is used already, or another producer is filling from the same source.
 */
public final class FillRefusedException extends PieceworkException {

  private static final long serialVersionUID = 1;

  public FillRefusedException(String message) {
    this(message, null);
  }

  public FillRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
