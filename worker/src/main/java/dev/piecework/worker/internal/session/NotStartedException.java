package dev.piecework.worker.internal.session;

import java.io.IOException;

/**
 * The system started nothing, for want of something that may be there a moment later. No command
 * ran, and no item is at fault.
 */
public final class NotStartedException extends IOException {
  private static final long serialVersionUID = 1L;

  public NotStartedException(String message) {
    super(message);
  }
}
