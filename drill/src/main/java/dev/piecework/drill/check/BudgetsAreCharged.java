package dev.piecework.drill.check;

import java.util.List;

/** From lease to lease an item's failures and losses grow by what happened, and by nothing else. */
final class BudgetsAreCharged implements Check {

  @Override
  public void look(Ledger ledger, Findings findings) {
    for (ItemStory item : ledger.items.values()) {
      for (int i = 1; i < item.leases.size(); i++) {
        Leased first = item.leases.get(i - 1);
        Leased next = item.leases.get(i);
        if (!ledger.rollbacks.between(first.when(), next.when())) {
          between(ledger, item, first, next, findings);
        }
      }
    }
  }

  private static void between(
      Ledger ledger, ItemStory item, Leased first, Leased next, Findings findings) {
    List<Ended> ends =
        item.endsOf(first).stream().filter(e -> e.when().called() < next.when().ended()).toList();
    boolean surely = ends.stream().anyMatch(Ended::certain);
    int failures = next.tries().failed() + next.tries().notYet();
    failures -= first.tries().failed() + first.tries().notYet();
    int losses = next.tries().losses() - first.tries().losses();
    int mostFailures = (int) ends.stream().filter(BudgetsAreCharged::isFailure).count();
    int leastFailures = (int) ends.stream().filter(e -> e.certain() && isFailure(e)).count();
    boolean reclaimed =
        ledger.reclaimsOf(first.session()).stream()
            .anyMatch(r -> r.when().called() < next.when().ended());
    int leastLosses = ends.isEmpty() ? 1 : 0;
    int mostLosses = reclaimed && !surely ? 1 : 0;
    if (losses > mostLosses) {
      mostLosses += ledger.unseenHolders(first.when().called(), next.when().ended());
    }
    if (failures < leastFailures
        || failures > mostFailures
        || losses < leastLosses
        || losses > mostLosses) {
      findings.add(
          Promise.BUDGETS,
          String.format(
              "%d failures and %d losses more, expected %d to %d and %d to %d: %s",
              failures, losses, leastFailures, mostFailures, leastLosses, mostLosses, item));
    }
  }

  private static boolean isFailure(Ended end) {
    return end.kind() == Ended.Kind.RETRY || end.kind() == Ended.Kind.NOT_YET;
  }
}
