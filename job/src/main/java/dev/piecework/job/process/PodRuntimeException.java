package dev.piecework.job.process;

/** Containers cannot be run as was asked for; the message says in one line what is missing. */
public final class PodRuntimeException extends Exception {
  private static final long serialVersionUID = 1;

  PodRuntimeException(String message) {
    super(message);
  }
}
