package dev.piecework.drill.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A batch that was given after another has a greater token, and no two have the same. */
final class TokensGrow implements Check {

  @Override
  public void look(Ledger ledger, Findings findings) {
    List<Leased> firsts = new ArrayList<>();
    ledger.batches.forEach(batch -> firsts.add(batch.getFirst()));
    List<Leased> byEnd = new ArrayList<>(firsts);
    byEnd.sort(Comparator.comparingLong(l -> l.when().ended()));
    firsts.sort(Comparator.comparingLong(l -> l.when().called()));
    Map<Long, Leased> byToken = new HashMap<>();
    Leased highest = null;
    int at = 0;
    for (Leased batch : firsts) {
      while (at < byEnd.size() && byEnd.get(at).when().isBefore(batch.when())) {
        if (highest == null || byEnd.get(at).token() > highest.token()) {
          highest = byEnd.get(at);
        }
        at++;
      }
      // Across a rollback too: a token is never below Redis's time.
      if (highest != null && batch.token() <= highest.token()) {
        findings.add(Promise.TOKENS_GROW, "not after " + highest + ": " + batch);
      }
      Leased same = byToken.put(batch.token(), batch);
      if (same != null) {
        findings.add(Promise.TOKENS_GROW, "the same for two batches: " + same + ", " + batch);
      }
    }
  }
}
