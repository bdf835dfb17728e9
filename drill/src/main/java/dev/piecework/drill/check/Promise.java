package dev.piecework.drill.check;

/** What a queue promises, and the checker holds it to. */
public enum Promise {
  /** Every item that was filled is somewhere at every instant, and finished once in the end. */
  NOTHING_LOST("nothing is lost"),
  /** An item is committed once, and is not leased after that. */
  ONE_COMMIT("one commit per item"),
  /** Who lost a lease, or never had it, ends nothing. */
  FENCED("no end accepted from a lost lease"),
  /** An item has one holder at a time, and one id. */
  ONE_HOLDER("one holder at a time"),
  /** A later lease has a greater token. */
  TOKENS_GROW("tokens grow"),
  /** First in, first out; what comes back goes first. */
  ORDER("first in, first out"),
  /** Drained is not said while an item was unfinished or a producer open. */
  DRAINED("drained means done"),
  /** The stored results are those of the commits. */
  RESULTS("results are the completions"),
  /** A loss counts as a loss, a failure as a failure, a release as neither. */
  BUDGETS("attempts and losses are counted"),
  /** A handler gets what was leased, once per lease. */
  DELIVERY("a handler gets what was leased, once");

  private final String text;

  Promise(String text) {
    this.text = text;
  }

  /** In a few words. */
  public String text() {
    return text;
  }
}
