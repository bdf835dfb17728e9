package dev.piecework.drill.check;

/** One promise, held against what happened. */
interface Check {

  void look(Ledger ledger, Findings findings);
}
