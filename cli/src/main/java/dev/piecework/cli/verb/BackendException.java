package dev.piecework.cli.verb;

/**
 * A place that runs workers, such as a cluster, says no or does not answer; the message is one line
 * for people.
 */
public final class BackendException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final boolean away;

  /**
   * @param away whether there is no answer, or none that counts, which may pass
   */
  public BackendException(boolean away, String message, Throwable cause) {
    super(message, cause);
    this.away = away;
  }

  public boolean away() {
    return away;
  }
}
