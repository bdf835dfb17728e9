package dev.piecework;

import org.jspecify.annotations.Nullable;

/**
 * This client cannot use this queue or this Redis: a wrong type under one of its keys, a format
 * that is newer than this client, a server that is too old, a call that is not to be had on a
 * Cluster, a setting that does not exist.
 */
public final class QueueUnusableException extends PieceworkException {

  private static final long serialVersionUID = 1;

  public QueueUnusableException(String message) {
    this(message, null);
  }

  public QueueUnusableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
