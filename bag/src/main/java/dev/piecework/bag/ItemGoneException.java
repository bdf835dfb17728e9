package dev.piecework.bag;

/**
 * The item of a future is in its queue no more, and has no result there: a person has dropped it,
 * or somebody else took its result out of Redis.
 */
public final class ItemGoneException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String id;

  ItemGoneException(String id) {
    super("item " + id + " is gone: it was dropped, or its result was taken by another reader");
    this.id = id;
  }

  /** The item. */
  public String id() {
    return id;
  }
}
