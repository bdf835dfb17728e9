package dev.piecework;

/** Where an item stands among those that wait. First in, first out within each. */
public enum Priority {
  HIGH,
  NORMAL,
  LOW
}
