package dev.piecework.drill.check;

import dev.piecework.drill.history.Operation;
import dev.piecework.drill.history.Operation.Moment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Where Redis went back in time, or may have. That it did is seen when it answers with a last token
 * that is lower than one that it had given in an answer before that call began: what was answered
 * from the call on that gave the last token it still knew, until then, may have been undone. It is
 * not always seen, for who was told the higher token may have died: so who injects a fault into
 * Redis says when that may have undone something.
 */
final class Rollbacks {

  private static final Set<String> TELL_THE_LAST_TOKEN =
      Set.of("step", "recover", "retry", "bury", "release");

  private final List<Moment> seen;
  private final List<Moment> told;

  private Rollbacks(List<Moment> seen, List<Moment> told) {
    this.seen = seen;
    this.told = told;
  }

  static Rollbacks in(List<Operation> operations, List<Moment> mayBeUndone) {
    List<Operation> told =
        operations.stream()
            .filter(o -> TELL_THE_LAST_TOKEN.contains(o.script()))
            .filter(o -> o.answer() instanceof Operation.Answer.Replied)
            .toList();
    List<Operation> byEnd = new ArrayList<>(told);
    byEnd.sort(Comparator.comparingLong(o -> o.when().ended()));
    List<Moment> windows = new ArrayList<>();
    long highest = 0;
    int at = 0;
    for (Operation each : told) { // by call
      while (at < byEnd.size() && byEnd.get(at).when().isBefore(each.when())) {
        highest = Math.max(highest, tokenAfter(byEnd.get(at)));
        at++;
      }
      long last = each.number(1);
      if (last < highest) {
        windows.add(new Moment(survivorOf(told, last), each.when().ended()));
        highest = last;
      }
    }
    return new Rollbacks(windows, List.copyOf(mayBeUndone));
  }

  private static long survivorOf(List<Operation> told, long token) {
    return told.stream()
        .filter(o -> tokenAfter(o) == token)
        .mapToLong(o -> o.when().called())
        .min()
        .orElse(0);
  }

  private static long tokenAfter(Operation operation) {
    boolean gives = operation.script().equals("step") || operation.script().equals("recover");
    return operation.replied("OK") && gives
        ? Math.max(operation.number(1), operation.number(2))
        : operation.number(1);
  }

  /** How often it was seen. */
  int seen() {
    return seen.size();
  }

  /** Whether there is anything that may have been undone. */
  boolean any() {
    return !seen.isEmpty() || !told.isEmpty();
  }

  /** Those that were seen where no fault explains them. */
  List<String> unexplained() {
    return seen.stream()
        .filter(window -> !meets(window, told))
        .map(window -> "Redis went back in time, and nothing that struck it explains " + window)
        .toList();
  }

  /** Whether what happened then may have been undone. */
  boolean touch(Moment when) {
    return meets(when, seen) || meets(when, told);
  }

  private static boolean meets(Moment when, List<Moment> windows) {
    for (Moment window : windows) {
      if (when.called() <= window.ended() && when.ended() >= window.called()) {
        return true;
      }
    }
    return false;
  }

  /** Whether Redis went back in time between the beginning of the one and the end of the other. */
  boolean between(Moment first, Moment second) {
    return touch(new Moment(first.called(), second.ended()));
  }
}
