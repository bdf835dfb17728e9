package dev.piecework.drill.check;

import dev.piecework.drill.history.Operation.Moment;
import java.util.ArrayList;
import java.util.List;

/**
 * From lease to lease an item's failures and losses grow by what happened, and by nothing else.
 * Where several sessions held it, under one token, it is the last of their ends that counts: one
 * failure, one loss, or nothing.
 */
final class BudgetsAreCharged implements Check {

  private enum Counts {
    FAILURE,
    LOSS,
    NOTHING
  }

  /** One way in which a holder's lease may have ended; and what that counts, if it was the last. */
  private record Last(Counts counts, Moment when) {}

  @Override
  public void look(Ledger ledger, Findings findings) {
    for (ItemStory item : ledger.items.values()) {
      List<List<Leased>> shared = item.shared();
      for (int i = 1; i < shared.size(); i++) {
        Leased first = shared.get(i - 1).getFirst();
        Leased next = shared.get(i).getFirst();
        if (ledger.rollbacks.between(first.when(), next.when())) {
          continue;
        }
        if (shared.get(i - 1).size() > 1) {
          copied(ledger, item, shared.get(i - 1), next, findings);
        } else {
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
    int mostFailures = (int) ends.stream().filter(BudgetsAreCharged::isFailure).count();
    int leastFailures = (int) ends.stream().filter(e -> e.certain() && isFailure(e)).count();
    boolean reclaimed =
        ledger.reclaimsOf(first.session()).stream()
            .anyMatch(r -> r.when().called() < next.when().ended());
    int leastLosses = ends.isEmpty() ? 1 : 0;
    int mostLosses = reclaimed && !surely ? 1 : 0;
    int unseen = unseen(ledger, first, next);
    if (ledger.hasCopies() && unseen > 0) {
      leastFailures = 0; // who died before he knew may have held a copy, which came last
      leastLosses = 0;
    }
    if (losses(first, next) > mostLosses) {
      mostLosses += unseen;
    }
    if (failures(first, next) < leastFailures
        || failures(first, next) > mostFailures
        || losses(first, next) < leastLosses
        || losses(first, next) > mostLosses) {
      findings.add(
          Promise.BUDGETS,
          String.format(
              "%d failures and %d losses more, expected %d to %d and %d to %d: %s",
              failures(first, next),
              losses(first, next),
              leastFailures,
              mostFailures,
              leastLosses,
              mostLosses,
              item));
    }
  }

  private static void copied(
      Ledger ledger, ItemStory item, List<Leased> holders, Leased next, Findings findings) {
    List<List<Last>> ways =
        holders.stream().map(holder -> ways(ledger, item, holder, next)).toList();
    List<Counts> last = new ArrayList<>();
    for (List<Last> own : ways) {
      for (Last way : own) {
        // Not the last if somebody else surely held it on.
        boolean outlived =
            ways.stream()
                .filter(others -> !others.isEmpty() && others != own)
                .anyMatch(
                    others -> others.stream().allMatch(other -> way.when().isBefore(other.when())));
        if (!outlived) {
          last.add(way.counts());
        }
      }
    }
    Leased first = holders.getFirst();
    int failures = failures(first, next);
    int losses = losses(first, next);
    Counts counted =
        failures == 1 && losses == 0
            ? Counts.FAILURE
            : failures == 0 && losses == 1 ? Counts.LOSS : Counts.NOTHING;
    boolean one = failures + losses <= 1 && failures >= 0 && losses >= 0;
    int unseen = unseen(ledger, first, next);
    if ((!one || !last.contains(counted)) && unseen == 0) {
      findings.add(
          Promise.BUDGETS,
          String.format(
              "%d failures and %d losses more after a copy, expected one of %s: %s",
              failures, losses, last, item));
    }
  }

  private static List<Last> ways(Ledger ledger, ItemStory item, Leased holder, Leased next) {
    List<Last> ways = new ArrayList<>();
    boolean surely = false;
    for (Ended end : item.endsOf(holder)) {
      if (end.when().called() < next.when().ended()) {
        ways.add(new Last(isFailure(end) ? Counts.FAILURE : Counts.NOTHING, end.when()));
        surely |= end.certain();
      }
    }
    for (Ledger.Reclaimed reclaim : ledger.reclaimsOf(holder.session())) {
      if (!surely && reclaim.when().called() < next.when().ended()) {
        ways.add(new Last(Counts.LOSS, reclaim.when()));
      }
    }
    return ways;
  }

  private static int unseen(Ledger ledger, Leased first, Leased next) {
    return ledger.unseenHolders(first.when().called(), next.when().ended());
  }

  private static int failures(Leased first, Leased next) {
    return next.tries().failed()
        + next.tries().notYet()
        - first.tries().failed()
        - first.tries().notYet();
  }

  private static int losses(Leased first, Leased next) {
    return next.tries().losses() - first.tries().losses();
  }

  private static boolean isFailure(Ended end) {
    return end.kind() == Ended.Kind.RETRY || end.kind() == Ended.Kind.NOT_YET;
  }
}
