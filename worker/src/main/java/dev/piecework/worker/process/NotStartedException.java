package dev.piecework.worker.process;

import java.io.IOException;

/**
 * The system started nothing, for want of something that may be there a moment later. No command
 * ran, and no item is at fault.
 */
final class NotStartedException extends IOException {
  private static final long serialVersionUID = 1L;

  NotStartedException(String message) {
    super(message);
  }
}
