package dev.piecework.amqp;

/** RabbitMQ cannot be reached, or refuses; the message says why, in one line. */
public final class BrokerException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final boolean away;

  BrokerException(boolean away, String message, Throwable cause) {
    super(message, cause);
    this.away = away;
  }

  /** Whether there is no connection: nobody answers, or takes the login; otherwise it refused. */
  public boolean away() {
    return away;
  }
}
