package dev.piecework.drill.check;

import dev.piecework.drill.history.Operation.Moment;

/**
 * An end that a holder gave its lease.
 *
 * @param token of the lease that its holder meant; 0 if it had none
 * @param certain whether it surely went through; else it may have
 */
record Ended(Kind kind, String session, long token, boolean certain, Moment when) {

  enum Kind {
    COMPLETE,
    RETRY,
    NOT_YET,
    BURY,
    RELEASE
  }

  @Override
  public String toString() {
    return (certain ? "" : "perhaps ") + kind + " by " + session + " at " + when.called();
  }
}
