package dev.piecework.drill.check;

import java.util.List;

/**
 * Between two leases of an item, the first has ended: by its holder, or by a reclaim of that; by
 * each of its holders, if there was a backup attempt.
 */
final class OneHolderAtATime implements Check {

  @Override
  public void look(Ledger ledger, Findings findings) {
    for (ItemStory item : ledger.items.values()) {
      List<List<Leased>> shared = item.shared();
      for (int i = 1; i < shared.size(); i++) {
        Leased next = shared.get(i).getFirst();
        for (Leased first : shared.get(i - 1)) {
          if (!ledger.rollbacks.between(first.when(), next.when())
              && !mayHaveEnded(ledger, item, first, next)) {
            findings.add(Promise.ONE_HOLDER, "leased twice with no end between: " + item);
          }
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
