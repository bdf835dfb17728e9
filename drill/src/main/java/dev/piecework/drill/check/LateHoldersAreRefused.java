package dev.piecework.drill.check;

import java.util.Comparator;
import java.util.Optional;

/**
 * An end is accepted only from a session that holds the item: which has it, was not reaped, and was
 * not overtaken by another that held it too.
 */
final class LateHoldersAreRefused implements Check {

  @Override
  public void look(Ledger ledger, Findings findings) {
    for (ItemStory item : ledger.items.values()) {
      for (Ended end : item.ends) {
        if (end.certain() && !ledger.rollbacks.touch(end.when())) {
          one(ledger, item, end, findings);
        }
      }
    }
  }

  private static void one(Ledger ledger, ItemStory item, Ended end, Findings findings) {
    Optional<Leased> own =
        item.leases.stream()
            .filter(l -> l.session().equals(end.session()))
            .filter(l -> l.when().called() <= end.when().ended())
            .max(Comparator.comparingLong(Leased::token));
    if (own.isEmpty()) {
      findings.add(Promise.FENCED, "ended by one who never had it, " + end + ": " + item);
      return;
    }
    if (ledger.wasReaped(end.session(), end.when())) {
      findings.add(Promise.FENCED, "ended by a session after it was reaped, " + end + ": " + item);
      return;
    }
    boolean overtaken =
        item.commits().stream()
            .anyMatch(commit ->
                !commit.session().equals(end.session())
                    && commit.token() == end.token()
                    && !ledger.rollbacks.touch(commit.when())
                    && commit.when().isBefore(end.when()));
    if (overtaken) {
      findings.add(Promise.FENCED, "ended when the other had completed it, " + end + ": " + item);
      return;
    }
    boolean others =
        item.leases.stream()
            .anyMatch(l ->
                !l.session().equals(end.session())
                    && l.token() > own.get().token()
                    && l.when().isBefore(end.when()));
    if (others) {
      findings.add(Promise.FENCED, "ended when somebody else had it already, " + end + ": " + item);
    }
  }
}
