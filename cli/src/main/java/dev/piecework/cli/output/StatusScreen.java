package dev.piecework.cli.output;

import dev.piecework.QueueStatus;
import dev.piecework.QueueStatus.Counts;
import dev.piecework.QueueStatus.OldestItem;
import dev.piecework.QueueStatus.ProducerView;
import dev.piecework.QueueStatus.SessionView;
import dev.piecework.cli.verb.Columns;
import dev.piecework.cli.verb.Printable;
import dev.piecework.journal.FailureGroup;
import dev.piecework.journal.Journal;
import dev.piecework.journal.SlowItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How a queue stands, in a screen of so many columns and rows: what there is no room for is left
 * out, and said. Pure.
 */
public final class StatusScreen {

  private static final String BOLD = "\033[1m";
  private static final String RED = "\033[31m";
  private static final String GREEN = "\033[32m";
  private static final String YELLOW = "\033[33m";
  private static final String PLAIN = "\033[0m";

  /** On fewer the sections need the room. */
  private static final int ROWS_FOR_ALL = 16;

  /** Of one subject: a title, which says how many rows of how many are shown, and a table. */
  private record Section(String title, Table rows, int count) {}

  private StatusScreen() {}

  /**
   * The lines, with colours; never more than rows, none wider than the columns.
   *
   * @param end when it ends, in half a sentence
   * @param corner what is in the upper right one, if there is room
   */
  public static List<String> lines(
      QueueStatus status, Journal journal, String end, String corner, int columns, int rows) {
    List<String> lines = new ArrayList<>();
    lines.add(BOLD + Columns.cut(title(status, corner, columns), columns) + PLAIN);
    lines.add(bar(status.counts(), columns));
    lines.addAll(counts(status.counts(), columns));
    String pace = StatusText.pace(status, end);
    if (!pace.isEmpty()) {
      lines.add(Columns.cut(pace, columns));
    }
    if (rows >= ROWS_FOR_ALL && !journal.slotTime().total().isZero()) {
      lines.add(Columns.cut("slots: " + FailureText.slotTime(journal.slotTime()), columns));
    }
    List<Section> sections = sections(status, journal);
    int room = rows - lines.size();
    boolean apart = room > wanted(sections) + sections.size();
    int[] shares = shares(apart ? room - sections.size() : room, sections);
    for (int i = 0; i < shares.length; i++) {
      if (apart) {
        lines.add("");
      }
      lines.addAll(lines(sections.get(i), shares[i], columns));
    }
    return lines.subList(0, Math.min(lines.size(), rows));
  }

  private static String title(QueueStatus status, String corner, int columns) {
    String says = status.queue() + ": " + StatusText.state(status);
    int between = columns - Columns.of(says) - corner.length();
    return between < 2 ? says : says + " ".repeat(between) + corner;
  }

  /** Done, dead, leased, delayed and waiting, as wide as they are many; one cell for the few. */
  private static String bar(Counts counts, int columns) {
    long total = counts.total();
    long over = counts.done() + counts.dead();
    String percent =
        String.format(" %3d%%", total == 0 ? 0 : (int) Math.floor(100.0 * over / total));
    int width = columns - percent.length() - 2;
    if (width < 5) {
      return Columns.cut(percent.strip(), columns);
    }
    int[] cells =
        cells(
            width,
            counts.done(),
            counts.dead(),
            counts.leased(),
            counts.delayed(),
            counts.waiting());
    return "["
        + coloured(GREEN, "#".repeat(cells[0]))
        + coloured(RED, "x".repeat(cells[1]))
        + coloured(YELLOW, ">".repeat(cells[2]))
        + "~".repeat(cells[3])
        + ".".repeat(cells[4])
        + " ".repeat(width - cells[0] - cells[1] - cells[2] - cells[3] - cells[4])
        + "]"
        + percent;
  }

  static int[] cells(int width, long... parts) {
    long total = LongStream.of(parts).sum();
    int[] cells = new int[parts.length];
    if (total == 0) {
      return cells;
    }
    int left = width;
    int widest = 0;
    for (int i = 0; i < parts.length; i++) {
      cells[i] = parts[i] == 0 ? 0 : Math.max(1, (int) ((double) parts[i] / total * width));
      left -= cells[i];
      widest = cells[i] > cells[widest] ? i : widest;
    }
    // What rounding left over, or took too much, is the widest one's.
    cells[widest] += left;
    return cells;
  }

  private static String coloured(String colour, String text) {
    return text.isEmpty() ? "" : colour + text + PLAIN;
  }

  /** With the signs of the bar; on as many lines as they need. */
  private static List<String> counts(Counts counts, int columns) {
    String dead = "x " + Figures.number(counts.dead()) + " dead";
    List<String> parts =
        List.of(
            "# " + Figures.number(counts.done()) + " done",
            dead,
            "> " + Figures.number(counts.leased()) + " leased",
            "~ " + Figures.number(counts.delayed()) + " delayed",
            ". " + Figures.number(counts.waiting()) + " waiting",
            "of " + Figures.number(counts.total()));
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String part : parts) {
      String longer = line.isEmpty() ? part : line + "  " + part;
      if (longer.length() <= columns) {
        line = longer;
      } else {
        lines.add(line);
        line = part;
      }
    }
    lines.add(line);
    return lines.stream()
        .filter(full -> !full.isEmpty())
        .map(full -> Columns.cut(full, columns))
        .map(full -> counts.dead() == 0 ? full : full.replace(dead, coloured(RED, dead)))
        .toList();
  }

  private static List<Section> sections(QueueStatus status, Journal journal) {
    List<Section> sections = new ArrayList<>();
    add(sections, producers(status.producers()));
    add(sections, workers(status.sessions()));
    add(sections, failures(journal.groups()));
    add(sections, slowest(journal.slowest()));
    return sections;
  }

  private static void add(List<Section> sections, Section section) {
    if (section.count() > 0) {
      sections.add(section);
    }
  }

  private static Section producers(List<ProducerView> producers) {
    Table table = new Table("PRODUCER", "STATE", "FILLED", "HEARD");
    producers.stream()
        .sorted(Comparator.comparing(ProducerView::state).reversed())
        .forEach(producer ->
            table.row(
                Printable.line(producer.source(), 40),
                producer.state().word(),
                Figures.number(producer.filled()),
                Figures.time(producer.lastHeard()) + " ago"));
    return new Section("producers", table, producers.size());
  }

  /** Those first that have worked on one item for longest. */
  private static Section workers(List<SessionView> sessions) {
    Table table = new Table("WORKER", "SLOTS", "HOLDS", "OLDEST ITEM", "HEARD");
    sessions.stream()
        .sorted(Comparator.comparing(StatusScreen::age).reversed())
        .forEach(session ->
            table.row(
                Printable.line(session.info().worker(), 30),
                session.info().slots(),
                Figures.number(session.holds()),
                StatusText.oldest(session.oldest()) + (isSuspicious(session) ? " !" : ""),
                Figures.time(session.lastHeard())
                    + " ago"
                    + (session.expired() ? ", expired" : "")));
    return new Section("workers", table, sessions.size());
  }

  private static boolean isSuspicious(SessionView session) {
    OldestItem oldest = session.oldest();
    return oldest != null && oldest.suspicious();
  }

  private static Duration age(SessionView session) {
    OldestItem oldest = session.oldest();
    return oldest == null ? Duration.ZERO : oldest.age();
  }

  private static Section failures(List<FailureGroup> groups) {
    Table table = new Table("FAILED", "DEAD", "GROUP", "CAUSE");
    for (FailureGroup group : groups) {
      table.row(
          Figures.number(group.attempts()),
          Figures.number(group.dead()),
          group.id(),
          FailureText.cause(group));
    }
    return new Section("failure groups", table, groups.size());
  }

  private static Section slowest(List<SlowItem> items) {
    Table table = new Table("SLOWEST", "ITEM", "WORKER");
    for (SlowItem item : items) {
      table.row(
          Figures.time(item.took()),
          Printable.line(item.id(), 40),
          item.worker().isEmpty() ? "-" : Printable.line(item.worker(), 30));
    }
    return new Section("slowest items", table, items.size());
  }

  private static int wanted(List<Section> sections) {
    return sections.stream().mapToInt(section -> section.count() + 1).sum();
  }

  /** How many lines each has: as many as it wants, or as many as the others. */
  private static int[] shares(int room, List<Section> sections) {
    int[] shares = new int[sections.size()];
    int left = room;
    boolean given = true;
    while (left > 0 && given) {
      given = false;
      for (int i = 0; i < shares.length && left > 0; i++) {
        if (shares[i] <= sections.get(i).count()) {
          shares[i]++;
          left--;
          given = true;
        }
      }
    }
    return shares;
  }

  private static List<String> lines(Section section, int share, int columns) {
    if (share == 0) {
      return List.of();
    }
    List<String> all = section.rows().lines();
    int shown = share - 1;
    List<String> lines = new ArrayList<>();
    String heading =
        shown == 0
            ? Figures.number(section.count()) + " " + section.title()
            : all.getFirst()
                + (shown < section.count()
                    ? "  (" + shown + " of " + Figures.number(section.count()) + ")"
                    : "");
    lines.add(BOLD + Columns.cut(heading, columns) + PLAIN);
    all.subList(1, share).forEach(line -> lines.add(Columns.cut(line, columns)));
    return lines;
  }
}
