package dev.piecework.drill;

/** How far a bag is. */
public enum Phase {
  /** The producer is at it. */
  FILLING,
  /** All is there, and most is still to be done. */
  MIDDLE,
  /** Less than a third is left. */
  LAST_ITEMS
}
