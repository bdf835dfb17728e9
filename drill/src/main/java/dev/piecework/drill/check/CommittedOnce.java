package dev.piecework.drill.check;

import java.util.List;

/** An item is committed once, and from then on nobody leases it and it does not die. */
final class CommittedOnce implements Check {

  @Override
  public void look(Ledger ledger, Findings findings) {
    for (ItemStory item : ledger.items.values()) {
      List<Ended> commits =
          item.commits().stream().filter(c -> !ledger.rollbacks.touch(c.when())).toList();
      if (commits.size() > 1) {
        findings.add(Promise.ONE_COMMIT, "committed " + commits.size() + " times: " + item);
      }
      for (Ended commit : commits) {
        boolean again = item.leases.stream().anyMatch(l -> commit.when().isBefore(l.when()));
        if (again) {
          findings.add(Promise.ONE_COMMIT, "leased after its commit: " + item);
        } else if (item.deaths.stream().anyMatch(d -> !ledger.rollbacks.touch(d))) {
          findings.add(Promise.ONE_COMMIT, "committed and dead: " + item);
        }
      }
    }
  }
}
