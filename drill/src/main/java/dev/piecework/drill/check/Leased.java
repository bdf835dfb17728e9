package dev.piecework.drill.check;

import dev.piecework.drill.history.Operation.Moment;

/**
 * One lease of one item, as its holder learnt of it.
 *
 * @param tries what Redis remembered of the item then: failed, lost, not ready
 * @param raw whether it came straight from the list, in its order
 * @param when from when it may have been given until its holder knew of it
 */
record Leased(
    String session, String id, String payload, Tries tries, long token, boolean raw, Moment when) {

  /** How often an item had come back, and why. */
  record Tries(int failed, int losses, int notYet) {

    static final Tries NONE = new Tries(0, 0, 0);

    static Tries parse(String text) {
      if (text.isEmpty()) {
        return NONE;
      }
      String[] parts = text.split(" ", -1);
      return new Tries(
          Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }
  }

  @Override
  public String toString() {
    return "leased by " + session + " under token " + token + " at " + when.called();
  }
}
