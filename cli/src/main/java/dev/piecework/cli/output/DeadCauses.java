package dev.piecework.cli.output;

import dev.piecework.PieceworkException;
import dev.piecework.WorkQueue;
import dev.piecework.cli.verb.Printable;
import dev.piecework.journal.FailureGroup;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the dead items of a run died of, for the sentence that says how it ended.
 *
 * @param groups those that have dead items, most first
 */
public record DeadCauses(List<FailureGroup> groups) {

  /** Where nothing is known of them. */
  public static final DeadCauses UNKNOWN = new DeadCauses(List.of());

  private static final int NAMED = 3;

  public DeadCauses {
    groups =
        groups.stream()
            .filter(group -> group.dead() > 0)
            .sorted(Comparator.comparingLong(FailureGroup::dead).reversed())
            .toList();
  }

  /** Asks for them only where there are any. */
  public static DeadCauses of(WorkQueue queue, long dead) {
    if (dead == 0) {
      return UNKNOWN;
    }
    try {
      return new DeadCauses(queue.admin().journal().groups());
    } catch (PieceworkException cannotLook) {
      return UNKNOWN; // how it ended is known, and more important
    }
  }

  /**
   * After "11 dead": {@code , all: exit code 3, bad N (item 17); see piecework items Q --group}. Of
   * several causes the biggest three, each with its part of all, and one item of each.
   */
  String text(String queue, long dead) {
    if (groups.isEmpty()) {
      return "; look with: piecework items " + queue + " --state dead";
    }
    FailureGroup first = groups.getFirst();
    String look = "; see piecework items " + queue + " --group";
    if (groups.size() == 1 && first.dead() >= dead) {
      return dead == 1
          ? ": " + FailureText.cause(first) + look
          : ", all: " + FailureText.cause(first) + example(first) + look;
    }
    String named =
        groups.stream()
            .limit(NAMED)
            .map(group ->
                Figures.number(group.dead())
                    + " of "
                    + Figures.number(dead)
                    + ": "
                    + FailureText.cause(group)
                    + example(group))
            .collect(Collectors.joining("; "));
    int more = groups.size() - NAMED;
    return ", " + named + (more > 0 ? "; " + Figures.count(more, "more cause") : "") + look;
  }

  /** By which to look at one of them. */
  private static String example(FailureGroup group) {
    return " (item " + Printable.line(group.exampleId(), 40) + ")";
  }
}
