package dev.piecework.model;

/** Where an item lies in Redis. A leased one is in no place: its session's record has it. */
public enum Place {
  ABSENT(ItemState.NOTHING),
  RAW(ItemState.WAITING),
  HIGH(ItemState.WAITING),
  RETURNED(ItemState.WAITING),
  LOST_ONCE(ItemState.WAITING),
  LOST_TWICE(ItemState.WAITING),
  LATER(ItemState.DELAYED),
  DUE(ItemState.WAITING),
  NONE(ItemState.LOST),
  DONE(ItemState.DONE),
  /** Done in a run before this one, which counts it no longer. */
  PAST(ItemState.DONE),
  DEAD(ItemState.DEAD),
  DROPPED(ItemState.NOTHING);

  private final ItemState itemState;

  Place(ItemState itemState) {
    this.itemState = itemState;
  }

  /** Whether its items have an order. */
  boolean isList() {
    return switch (this) {
      case RAW, HIGH, RETURNED, LOST_ONCE, LOST_TWICE, LATER, DUE -> true;
      case ABSENT, NONE, DONE, PAST, DEAD, DROPPED -> false;
    };
  }

  ItemState itemState() {
    return itemState;
  }
}
