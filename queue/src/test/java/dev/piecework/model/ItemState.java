package dev.piecework.model;

import java.util.Locale;

/** The states of an item that users know. */
public enum ItemState {
  NOTHING("not in the queue: not yet, or no longer", "no"),
  WAITING("may be leased now", "no"),
  LEASED("one session works on it, or has it ahead", "no"),
  DELAYED("may be leased later, at a time that Redis's clock decides", "no"),
  DONE("completed; its result, if any, is committed", "yes"),
  DEAD(
      "given up on; kept with its evidence until a person requeues or drops it",
      "until it is requeued"),
  /** In no place at all: the one thing that must not be. */
  LOST("", "");

  private final String means;
  private final String isFinal;

  ItemState(String means, String isFinal) {
    this.means = means;
    this.isFinal = isFinal;
  }

  String means() {
    return means;
  }

  String isFinal() {
    return isFinal;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
