package dev.piecework.cli.output;

import dev.piecework.cli.verb.Printable;
import dev.piecework.journal.FailureGroup;
import dev.piecework.journal.Journal;
import dev.piecework.journal.SlotTime;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The failure groups of a run, for people. Pure. */
public final class FailureText {

  private static final int CAUSE = 160;
  private static final int EXAMPLE = 300;
  private static final int IN_STATUS = 3;
  private static final DateTimeFormatter TIME_OF_DAY =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private FailureText() {}

  static String cause(FailureGroup group) {
    return Printable.line(group.cause(), CAUSE);
  }

  /**
   * Two lines for each group, under a heading.
   *
   * @param details whether what was kept of the example follows
   */
  public static List<String> table(List<FailureGroup> groups, boolean details) {
    Table table = new Table("GROUP", "ATTEMPTS", "DEAD", "CAUSE");
    for (FailureGroup group : groups) {
      table.row(
          group.id(), Figures.number(group.attempts()), Figures.number(group.dead()), cause(group));
    }
    List<String> heads = table.lines();
    List<String> lines = new ArrayList<>(List.of(heads.getFirst()));
    for (int i = 0; i < groups.size(); i++) {
      lines.add(heads.get(i + 1));
      lines.add("        " + where(groups.get(i)));
      if (details) {
        groups
            .get(i)
            .example()
            .strip()
            .lines()
            .forEach(line -> lines.add("        | " + Printable.line(line, EXAMPLE)));
      }
    }
    return lines;
  }

  private static String where(FailureGroup group) {
    String workers =
        group.workers().entrySet().stream()
            .map(worker ->
                (worker.getKey().isEmpty() ? "others" : Printable.line(worker.getKey(), 40))
                    + " "
                    + Figures.number(worker.getValue()))
            .collect(Collectors.joining(", "));
    return "item "
        + Printable.line(group.exampleId(), 40)
        + " and the like; "
        + between(group.first(), group.last())
        + "; on "
        + workers;
  }

  private static String between(Instant first, Instant last) {
    Instant from = first.truncatedTo(ChronoUnit.SECONDS);
    boolean oneDay = from.truncatedTo(ChronoUnit.DAYS).equals(last.truncatedTo(ChronoUnit.DAYS));
    return from
        + " to "
        + (oneDay ? TIME_OF_DAY.format(last) + "Z" : last.truncatedTo(ChronoUnit.SECONDS));
  }

  /** The biggest groups and what the slots did, a line each; none where there is nothing. */
  static List<String> inStatus(String queue, Journal journal) {
    List<String> lines = new ArrayList<>();
    List<FailureGroup> groups = journal.groups();
    for (FailureGroup group : groups.subList(0, Math.min(IN_STATUS, groups.size()))) {
      lines.add(
          "failures "
              + group.id()
              + ": "
              + Figures.count(group.attempts(), "attempt")
              + ", "
              + Figures.number(group.dead())
              + " dead: "
              + cause(group));
    }
    if (groups.size() > IN_STATUS) {
      lines.add(
          Figures.count(groups.size() - IN_STATUS, "more group")
              + " of failures: piecework items "
              + queue
              + " --group");
    }
    SlotTime slots = journal.slotTime();
    if (!slots.total().isZero()) {
      lines.add("slot time: " + slotTime(slots));
    }
    return lines;
  }

  static String slotTime(SlotTime slots) {
    return Figures.time(slots.useful())
        + " useful, "
        + Figures.time(slots.retried())
        + " retried, "
        + Figures.time(slots.lost())
        + " lost or under way, "
        + Figures.time(slots.idle())
        + " idle";
  }
}
