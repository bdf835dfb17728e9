package dev.piecework;

import org.jspecify.annotations.Nullable;

/** Everything that a queue throws. The message is one line, for people. */
public sealed class PieceworkException extends RuntimeException
    permits LeaseLostException,
        RunLostException,
        RedisUnreachableException,
        RedisRefusesException,
        QueueUnusableException,
        FillRefusedException,
        ResultTooLargeException {

  private static final long serialVersionUID = 1;

  PieceworkException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
