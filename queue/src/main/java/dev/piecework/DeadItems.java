package dev.piecework;

/** Which dead items are meant. */
public sealed interface DeadItems {

  /** All of them. */
  record All() implements DeadItems {}

  /** The one with this id. */
  record WithId(String id) implements DeadItems {}

  /** Those whose last error contains this text. */
  record WithError(String text) implements DeadItems {}
}
