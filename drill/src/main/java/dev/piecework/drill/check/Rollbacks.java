package dev.piecework.drill.check;

import dev.piecework.drill.history.Operation;
import dev.piecework.drill.history.Operation.Moment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Where Redis went back in time: it answered with a last token that was lower than one that it had
 * given in an answer before that call began. What was answered from the call on that gave the last
 * token it still knew, until then, may have been undone.
 */
final class Rollbacks {

  private static final Set<String> TELL_THE_LAST_TOKEN =
      Set.of("step", "recover", "retry", "bury", "release");

  private final List<Moment> windows;

  private Rollbacks(List<Moment> windows) {
    this.windows = windows;
  }

  static Rollbacks in(List<Operation> operations) {
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
    return new Rollbacks(windows);
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

  int count() {
    return windows.size();
  }

  /** Whether what happened then may have been undone. */
  boolean touch(Moment when) {
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
