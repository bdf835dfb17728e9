package dev.piecework.journal;

/** How an attempt ended. */
public enum AttemptEnd {
  /** Its item is done. */
  DONE,
  /** It failed, or something was not ready; counted, and the item is tried again or dead. */
  FAILED,
  /** The handler said that no attempt will ever help. */
  BURIED,
  /** Its lease was lost before it ended: another worker does the item. */
  LOST
}
