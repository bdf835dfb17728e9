package dev.piecework.bag;

/** The item of a future is dead; the message is what its last attempt said. */
public final class ItemDeadException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String id;

  ItemDeadException(String id, String reason) {
    super(reason);
    this.id = id;
  }

  /** The item, by which {@code piecework items} and {@code requeue} know it. */
  public String id() {
    return id;
  }
}
