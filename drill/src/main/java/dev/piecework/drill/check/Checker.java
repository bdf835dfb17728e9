package dev.piecework.drill.check;

import dev.piecework.drill.history.History;
import dev.piecework.drill.history.Operation;
import dev.piecework.drill.history.Operation.Moment;
import java.util.List;

/**
 * Holds one run of one queue, from its first fill to drained, against what the queue promises. It
 * knows nothing but what the clients recorded: the calls they made, when, and what was answered. A
 * call without an answer may have run once, at any time from its beginning on (what Jepsen calls
 * {@code info}); only what is wrong under every such assumption is called wrong.
 *
 * <p>Payloads should differ (of equal ones only the number is checked), and nobody may touch the
 * queue but who records.
 */
public final class Checker {

  private static final List<Check> CHECKS =
      List.of(
          new NothingIsLost(),
          new CommittedOnce(),
          new LateHoldersAreRefused(),
          new OneHolderAtATime(),
          new TokensGrow(),
          new FirstInFirstOut(),
          new DrainedMeansDone(),
          new ResultsAreCompletions(),
          new BudgetsAreCharged(),
          new OnlyLeasedItemsAreHandled());

  private Checker() {}

  /** For a Redis that kept whatever it answered. */
  public static Verdict check(History history) {
    return check(history, List.of());
  }

  /**
   * For one that may have lost what it answered in these times, by a failover or a power failure.
   * That is taken for undone; everything else still has to hold, and Redis must not have gone back
   * at any other time.
   */
  public static Verdict check(History history, List<Moment> mayBeUndone) {
    Ledger ledger = new Ledger(history, mayBeUndone);
    Findings findings = new Findings();
    ledger.rollbacks.unexplained().forEach(what -> findings.add(Promise.TOKENS_GROW, what));
    CHECKS.forEach(check -> check.look(ledger, findings));
    return new Verdict(findings.all(), figures(ledger));
  }

  private static Verdict.Figures figures(Ledger ledger) {
    long unknown =
        ledger.history.operations().stream()
            .filter(o -> o.answer() instanceof Operation.Answer.Unknown)
            .count();
    return new Verdict.Figures(
        ledger.history.operations().size(),
        unknown,
        ledger.everythingFilled().size(),
        ledger.items.values().stream().filter(ItemStory::mayBeCommitted).count(),
        ledger.items.values().stream().filter(i -> !i.deaths.isEmpty()).count(),
        ledger.items.values().stream().mapToLong(i -> i.leases.size()).sum(),
        ledger.reclaims.values().stream()
            .flatMap(List::stream)
            .mapToLong(Ledger.Reclaimed::moved)
            .sum(),
        ledger.rollbacks.seen());
  }
}
