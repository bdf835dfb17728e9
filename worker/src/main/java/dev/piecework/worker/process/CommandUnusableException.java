package dev.piecework.worker.process;

/** The command cannot be started at all; the message is one line for people. */
public final class CommandUnusableException extends Exception {
  private static final long serialVersionUID = 1L;

  public CommandUnusableException(String message) {
    super(message);
  }
}
