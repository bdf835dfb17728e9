package dev.piecework.worker.internal.output;

import java.io.IOException;

/**
 * Who hears of commands could not keep how one ended, or make the place of one, and has said so.
 */
public final class NotRecordedException extends IOException {
  private static final long serialVersionUID = 1L;

  public NotRecordedException(IOException cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }
}
