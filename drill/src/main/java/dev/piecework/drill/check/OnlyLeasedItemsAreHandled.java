package dev.piecework.drill.check;

import dev.piecework.drill.history.History;
import java.util.HashMap;
import java.util.Map;

/**
 * What reached a handler had been leased under that token, and reached it once; once each, if two
 * sessions held it.
 */
final class OnlyLeasedItemsAreHandled implements Check {

  @Override
  public void look(Ledger ledger, Findings findings) {
    Map<String, Long> seen = new HashMap<>();
    for (History.Handled handled : ledger.history.handled()) {
      ItemStory item = ledger.items.get(handled.id());
      long leases =
          item == null ? 0 : item.leases.stream().filter(l -> l.token() == handled.token()).count();
      if (leases == 0) {
        findings.add(Promise.DELIVERY, handled + " was not leased so: " + item);
      }
      if (seen.merge(handled.id() + " " + handled.token(), 1L, Long::sum) > Math.max(leases, 1)) {
        findings.add(Promise.DELIVERY, handled + " for the second time: " + item);
      }
    }
  }
}
