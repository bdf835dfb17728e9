package dev.piecework.drill.check;

import dev.piecework.drill.history.History;
import dev.piecework.drill.history.Operation;
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

  private final boolean mayGoBack;

  private Checker(boolean mayGoBack) {
    this.mayGoBack = mayGoBack;
  }

  /** For a Redis that keeps what it has answered. */
  public static Checker ofADurableRedis() {
    return new Checker(false);
  }

  /**
   * For one that may lose its last second, by a failover or a power failure: what was answered in a
   * time that Redis went back over is taken for undone; everything else still has to hold.
   */
  public static Checker ofARedisThatMayGoBack() {
    return new Checker(true);
  }

  public Verdict check(History history) {
    Ledger ledger = new Ledger(history);
    Findings findings = new Findings();
    if (ledger.rollbacks.count() > 0 && !mayGoBack) {
      findings.add(
          Promise.TOKENS_GROW,
          "Redis went back in time " + ledger.rollbacks.count() + " times, and should not");
    }
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
        ledger.rollbacks.count());
  }
}
