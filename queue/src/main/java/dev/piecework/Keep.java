package dev.piecework;

/** What is kept of an item that is done. */
public enum Keep {
  /** Only that it is counted. */
  COUNTS,
  /** Its result, with who did it, when and how long it took. */
  RESULTS,
  /** Its result, and every attempt at it. */
  HISTORY
}
