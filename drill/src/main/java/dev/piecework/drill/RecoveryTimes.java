package dev.piecework.drill;

import dev.piecework.drill.history.History;
import dev.piecework.drill.history.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How long work stood still, from the history. */
final class RecoveryTimes {

  /** A worker is killed until all that it held waits again, for anybody. */
  static final String WORKER = "worker killed";

  private static final long APART = Duration.ofSeconds(2).toNanos();

  private RecoveryTimes() {}

  static Map<String, List<Duration>> in(
      History history, List<InjectedFault> injected, Map<String, List<Long>> madeGood) {
    Map<String, List<Duration>> times = new LinkedHashMap<>();
    for (InjectedFault fault : injected) {
      if (fault.kind().equals(KillWorker.KIND) && isAlone(fault.at(), fault.kind(), injected)) {
        untilPutBack(history, fault).forEach(t -> add(times, WORKER, t));
      }
    }
    madeGood.forEach((what, moments) -> {
      for (long moment : moments) {
        if (isAlone(moment, what, injected)) {
          untilWorkGoesOn(history, moment).forEach(t -> add(times, what, t));
        }
      }
    });
    return times;
  }

  // Faults add up: a frozen network, or a grace in which nobody is given up, is not this one's
  // cost.
  private static boolean isAlone(long moment, String kind, List<InjectedFault> injected) {
    return injected.stream()
        .allMatch(
            s -> s.kind().equals(kind) || s.at() < moment - 2 * APART || s.at() > moment + APART);
  }

  private static void add(Map<String, List<Duration>> times, String what, long nanos) {
    times.computeIfAbsent(what, w -> new ArrayList<>()).add(Duration.ofNanos(nanos));
  }

  // None if it held nothing.
  private static List<Long> untilPutBack(History history, InjectedFault fault) {
    Set<String> sessions = new HashSet<>();
    long last = 0;
    boolean held = false;
    for (Operation operation : history.operations()) {
      if (operation.client().equals(fault.victim()) && operation.script().equals("enlist")) {
        sessions.add(operation.argument("session"));
      }
      if (operation.script().equals("reclaim")
          && operation.replied("OK")
          && operation.when().ended() > fault.at()
          && sessions.contains(operation.argument("session"))) {
        held |= operation.number(1) > 0;
        last = Math.max(last, operation.when().ended());
      }
    }
    return held ? List.of(last - fault.at()) : List.of();
  }

  // Until the first batch that was asked for after it.
  private static List<Long> untilWorkGoesOn(History history, long since) {
    return history.operations().stream()
        .filter(o -> o.script().equals("step") && o.replied("OK"))
        .filter(o -> o.when().ended() > since)
        .map(o -> o.when().ended() - since)
        .min(Long::compare)
        .stream()
        .toList();
  }
}
