package dev.piecework.bag;

/** Says of an item that no attempt will ever help: it is dead at once, with this message. */
public final class BuryItemException extends Exception {

  private static final long serialVersionUID = 1;

  public BuryItemException(String message) {
    super(message);
  }
}
