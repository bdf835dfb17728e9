package dev.piecework.cli.queue;

import dev.piecework.WorkQueue;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.journal.FailureGroup;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which failure group a person means, who may type the first of its digits. */
final class GroupChoice {

  private static final int NAMED = 5;
  private static final int CAUSE = 40;

  private GroupChoice() {}

  /** The one group of this queue's run whose number begins so, or a refusal. */
  static FailureGroup of(WorkQueue open, String typed) {
    return of(open.name(), open.admin().journal().groups(), typed);
  }

  static FailureGroup of(String queue, List<FailureGroup> groups, String typed) {
    String wanted = typed.toLowerCase(Locale.ROOT);
    if (wanted.isEmpty()) {
      throw Refusal.usage("--group '': no group has an empty number; is a variable not set?");
    }
    if (groups.isEmpty()) {
      throw Refusal.usage("queue '" + queue + "' has no failure groups: nothing failed in its run");
    }
    List<FailureGroup> such =
        groups.stream().filter(group -> group.id().startsWith(wanted)).toList();
    if (such.isEmpty()) {
      throw Refusal.usage(
          "queue '"
              + queue
              + "' has no failure group '"
              + Printable.typed(typed, 60)
              + "'; there "
              + (groups.size() == 1 ? "is " : "are ")
              + named(groups));
    }
    if (such.size() > 1) {
      throw Refusal.usage(
          "'"
              + Printable.typed(typed, 60)
              + "' is the beginning of "
              + such.size()
              + " failure groups: "
              + named(such));
    }
    return such.getFirst();
  }

  private static String named(List<FailureGroup> groups) {
    String some =
        groups.stream()
            .limit(NAMED)
            .map(group -> group.id() + " (" + Printable.line(group.cause(), CAUSE) + ")")
            .collect(Collectors.joining(", "));
    return groups.size() <= NAMED ? some : some + ", and " + (groups.size() - NAMED) + " more";
  }
}
