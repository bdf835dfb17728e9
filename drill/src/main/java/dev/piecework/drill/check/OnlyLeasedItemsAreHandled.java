package dev.piecework.drill.check;

import dev.piecework.drill.history.History;
import java.util.HashSet;
import java.util.Set;

/** What reached a handler had been leased under that token, and reached it once. */
final class OnlyLeasedItemsAreHandled implements Check {

  @Override
  public void look(Ledger ledger, Findings findings) {
    Set<String> seen = new HashSet<>();
    for (History.Handled handled : ledger.history.handled()) {
      ItemStory item = ledger.items.get(handled.id());
      boolean leased =
          item != null && item.leases.stream().anyMatch(l -> l.token() == handled.token());
      if (!leased) {
        findings.add(Promise.DELIVERY, handled + " was not leased so: " + item);
      }
      if (!seen.add(handled.id() + " " + handled.token())) {
        findings.add(Promise.DELIVERY, handled + " for the second time: " + item);
      }
    }
  }
}
