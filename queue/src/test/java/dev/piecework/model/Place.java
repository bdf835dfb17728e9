package dev.piecework.model;

/** Where an item lies in Redis. A leased one is in no place: its session's record has it. */
public enum Place {
  ABSENT(Stage.NOTHING),
  RAW(Stage.WAITING),
  HIGH(Stage.WAITING),
  RETURNED(Stage.WAITING),
  SUSPECTS(Stage.WAITING),
  CULPRITS(Stage.WAITING),
  LATER(Stage.DELAYED),
  DUE(Stage.WAITING),
  NONE(Stage.LOST),
  DONE(Stage.DONE),
  /** Done in a run before this one, which counts it no longer. */
  PAST(Stage.DONE),
  DEAD(Stage.DEAD),
  DROPPED(Stage.NOTHING);

  private final Stage stage;

  Place(Stage stage) {
    this.stage = stage;
  }

  /** Whether its items have an order. */
  boolean isList() {
    return switch (this) {
      case RAW, HIGH, RETURNED, SUSPECTS, CULPRITS, LATER, DUE -> true;
      case ABSENT, NONE, DONE, PAST, DEAD, DROPPED -> false;
    };
  }

  Stage stage() {
    return stage;
  }
}
