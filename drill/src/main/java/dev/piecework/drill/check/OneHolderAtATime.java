package dev.piecework.drill.check;

/** Between two leases of an item, the first has ended: by its holder, or by a reclaim of that. */
final class OneHolderAtATime implements Check {

  @Override
  public void look(Ledger ledger, Findings findings) {
    for (ItemStory item : ledger.items.values()) {
      for (int i = 1; i < item.leases.size(); i++) {
        Leased first = item.leases.get(i - 1);
        Leased next = item.leases.get(i);
        if (!ledger.rollbacks.between(first.when(), next.when())
            && !mayHaveEnded(ledger, item, first, next)) {
          findings.add(Promise.ONE_HOLDER, "leased twice with no end between: " + item);
        }
      }
    }
  }

  private static boolean mayHaveEnded(Ledger ledger, ItemStory item, Leased first, Leased next) {
    return item.endsOf(first).stream().anyMatch(e -> e.when().called() < next.when().ended())
        || ledger.reclaimsOf(first.session()).stream()
            .anyMatch(r -> r.when().called() < next.when().ended());
  }
}
