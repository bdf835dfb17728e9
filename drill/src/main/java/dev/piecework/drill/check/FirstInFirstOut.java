package dev.piecework.drill.check;

import dev.piecework.drill.history.Operation.Moment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Items that wait for the first time are leased in the order of their source; and while one that
 * came back waits, nobody is given what never was leased.
 */
final class FirstInFirstOut implements Check {

  @Override
  public void look(Ledger ledger, Findings findings) {
    if (ledger.rollbacks.any()) {
      return; // what was leased waits again, where it was
    }
    List<List<Leased>> raw =
        ledger.batches.stream()
            .filter(batch -> batch.getFirst().raw())
            .sorted(Comparator.comparingLong(batch -> batch.getFirst().token()))
            .toList();
    inOrder(ledger, raw, findings);
    cameBackFirst(ledger, raw, findings);
  }

  private static void inOrder(Ledger ledger, List<List<Leased>> raw, Findings findings) {
    Map<String, Long> last = new HashMap<>();
    for (List<Leased> batch : raw) {
      for (Leased lease : batch) {
        Ledger.Filled filled = ledger.filled.get(lease.payload());
        if (filled == null || ledger.twins.containsKey(lease.payload())) {
          continue; // said elsewhere; which of several it is, nobody knows
        }
        Long before = last.put(filled.source(), filled.index());
        if (before != null && before >= filled.index()) {
          findings.add(
              Promise.ORDER,
              "record "
                  + filled.index()
                  + " of "
                  + filled.source()
                  + " after record "
                  + before
                  + ": "
                  + lease);
        }
      }
    }
  }

  private static void cameBackFirst(Ledger ledger, List<List<Leased>> raw, Findings findings) {
    List<Moment> calls = new ArrayList<>();
    raw.forEach(batch -> calls.add(batch.getFirst().when()));
    calls.sort(Comparator.comparingLong(Moment::called));
    // The earliest end among all calls from here on.
    long[] ends = new long[calls.size() + 1];
    ends[calls.size()] = Long.MAX_VALUE;
    for (int i = calls.size() - 1; i >= 0; i--) {
      ends[i] = Math.min(ends[i + 1], calls.get(i).ended());
    }
    for (ItemStory item : ledger.items.values()) {
      for (int i = 1; i < item.leases.size(); i++) {
        Leased next = item.leases.get(i);
        Leased first = item.leases.get(i - 1);
        if (first.token() == next.token()) {
          continue; // a backup attempt, which is nobody's turn
        }
        long back = cameBackBy(ledger, item, first, next);
        if (next.tries().losses() <= 1
            && back < next.when().called()
            && ends[firstAfter(calls, back)] < next.when().called()
            && ledger.unseenHolders(back, next.when().ended()) == 0) {
          findings.add(Promise.ORDER, "passed over when it had come back: " + item);
        }
      }
    }
  }

  // When it surely waited again; never if that is not known, or it was delayed.
  private static long cameBackBy(Ledger ledger, ItemStory item, Leased first, Leased next) {
    if (ledger.hasCopies()) {
      return Long.MAX_VALUE; // an end of one of two holders, whom we may not know of, is none
    }
    List<Ended> ends =
        item.endsOf(first).stream().filter(e -> e.when().called() < next.when().ended()).toList();
    if (ends.isEmpty()) {
      List<Ledger.Reclaimed> reclaims = ledger.reclaimsOf(first.session());
      return reclaims.stream().allMatch(Ledger.Reclaimed::certain)
          ? reclaims.stream().mapToLong(r -> r.when().ended()).max().orElse(Long.MAX_VALUE)
          : Long.MAX_VALUE;
    }
    Ended only = ends.getFirst();
    return ends.size() == 1 && only.certain() && only.kind() == Ended.Kind.RELEASE
        ? only.when().ended()
        : Long.MAX_VALUE;
  }

  private static int firstAfter(List<Moment> calls, long time) {
    int low = 0;
    int high = calls.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (calls.get(middle).called() > time) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
