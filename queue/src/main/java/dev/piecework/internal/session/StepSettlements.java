package dev.piecework.internal.session;

import dev.piecework.Settlement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The settlements of one step: those that are still to be sent, those that were refused, and the
 * leases whose end went through. Each is in one of these, and a lease that was still to be ended
 * when the step threw may be ended after all.
 */
final class StepSettlements {

  /** As many go with one call. */
  static final int BATCH_MAX = 1_000;

  private final HeldLeases held;
  private final List<Settlement.Complete> completions = new ArrayList<>();
  private final List<Settlement> others = new ArrayList<>();
  private final List<Settlement> refused = new ArrayList<>();
  private final List<HeldLease> wentThrough = new ArrayList<>();

  StepSettlements(HeldLeases held, List<? extends Settlement> settlements) {
    this.held = held;
    for (Settlement settlement : settlements) {
      if (held.hadGoneThrough(settlement.lease())) {
        continue; // in a step that gave up afterwards
      }
      if (!(settlement.lease() instanceof HeldLease lease) || !held.holds(lease) || !lease.end()) {
        refused.add(settlement);
      } else if (settlement instanceof Settlement.Complete completion) {
        completions.add(completion);
      } else {
        others.add(settlement);
      }
    }
  }

  boolean hasCompletions() {
    return !completions.isEmpty();
  }

  boolean fitIntoOneCall() {
    return completions.size() <= BATCH_MAX;
  }

  /** Those completions that go with the next call: a part of the list itself. */
  List<Settlement.Complete> nextCompletions() {
    return completions.subList(0, Math.min(completions.size(), BATCH_MAX));
  }

  /** Those went through. */
  void endNextCompletions() {
    List<Settlement.Complete> ended = nextCompletions();
    held.forget(ended);
    for (Settlement.Complete completion : ended) {
      wentThrough.add(HeldLease.of(completion));
    }
    ended.clear();
  }

  /** All but completions of this kind, in parts that go with one call each. */
  List<List<Settlement>> others(EndCall kind) {
    List<Settlement> these = others.stream().filter(kind::is).toList();
    List<List<Settlement>> calls = new ArrayList<>();
    for (int from = 0; from < these.size(); from += BATCH_MAX) {
      calls.add(new ArrayList<>(these.subList(from, Math.min(from + BATCH_MAX, these.size()))));
    }
    return calls;
  }

  boolean hasOthers() {
    return !others.isEmpty();
  }

  /** Takes those out that a look at the record has settled meanwhile. */
  void retainOpen(List<Settlement> some) {
    some.removeIf(settlement -> !others.contains(settlement));
  }

  /** These went through, but for those that are refused, before this or after. */
  void endOthers(List<Settlement> some) {
    for (Settlement ended : some) {
      held.forget(HeldLease.of(ended));
      wentThrough.add(HeldLease.of(ended));
    }
    // By identity: there may be ten thousands, each compared with a thousand.
    Set<Settlement> over = Collections.newSetFromMap(new IdentityHashMap<>());
    over.addAll(some);
    others.removeIf(over::contains);
    refused.forEach(lost -> wentThrough.remove(lost.lease()));
  }

  void refuse(List<? extends Settlement> some) {
    refused.addAll(some);
  }

  void refuseCompletions() {
    refused.addAll(completions);
    held.forget(completions);
    completions.clear();
  }

  /** The session is over: nothing of it can be ended. */
  void refuseAll() {
    refused.addAll(completions);
    refused.addAll(others);
    completions.clear();
    others.clear();
  }

  /**
   * What the record says: a lease that is not there was ended by the call whose reply was lost, or
   * is not held for another reason.
   *
   * @param isGone whether the lease of a settlement is not there
   * @param wasEnded whether one that is not there may have been ended by us
   */
  void settle(Predicate<HeldLease> isGone, Predicate<HeldLease> wasEnded) {
    Predicate<Settlement> settled =
        settlement -> {
          HeldLease lease = HeldLease.of(settlement);
          if (!isGone.test(lease)) {
            return false;
          }
          if (wasEnded.test(lease)) {
            wentThrough.add(lease);
          } else {
            refused.add(settlement);
          }
          return true;
        };
    completions.removeIf(settled);
    others.removeIf(settled);
  }

  /** The step threw: what is still to be sent may be given again. */
  void reopen() {
    completions.forEach(open -> HeldLease.of(open).reopen());
    others.forEach(open -> HeldLease.of(open).reopen());
  }

  List<HeldLease> wentThrough() {
    return wentThrough;
  }

  /** Refused so far. */
  List<Settlement> refused() {
    return List.copyOf(refused);
  }
}
