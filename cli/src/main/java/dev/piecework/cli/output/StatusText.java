package dev.piecework.cli.output;

import dev.piecework.QueueSettings;
import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.QueueStatus.Counts;
import dev.piecework.QueueStatus.OldestItem;
import dev.piecework.QueueStatus.ProducerView;
import dev.piecework.QueueStatus.SessionView;
import dev.piecework.Setting;
import dev.piecework.cli.verb.Printable;
import dev.piecework.journal.Journal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A queue's status for people. Pure. */
public final class StatusText {

  private StatusText() {}

  public static List<String> lines(QueueStatus status) {
    List<String> lines = head(status, pace(status));
    lines.add("  settings: " + settings(status.settings()));
    return lines;
  }

  /**
   * With the biggest failure groups of the run, and what its slots did.
   *
   * @param end when it ends, in half a sentence; empty for a run that has ended
   */
  public static List<String> lines(QueueStatus status, Journal journal, String end) {
    // The journal's figures are good to a tenth, the status's to a factor of two.
    Optional<Duration> p99 =
        journal.times().count() == 0
            ? status.pace().p99()
            : Optional.of(journal.times().quantile(0.99));
    List<String> lines = head(status, pace(status, end, p99));
    addIndented(lines, FailureText.inStatus(status.queue(), journal));
    lines.add("  settings: " + settings(status.settings()));
    return lines;
  }

  private static List<String> head(QueueStatus status, String pace) {
    List<String> lines = new ArrayList<>();
    lines.add(status.queue() + ": " + state(status));
    lines.add("  " + counts(status.counts()));
    if (!pace.isEmpty()) {
      lines.add("  " + pace);
    }
    String copies = copies(status.copies());
    if (!copies.isEmpty()) {
      lines.add("  " + copies);
    }
    addIndented(lines, producers(status.producers()));
    addIndented(lines, sessions(status.sessions()));
    for (SessionView session : status.sessions()) {
      OldestItem oldest = session.oldest();
      if (oldest != null && oldest.suspicious()) {
        lines.add(
            "  suspicious: item "
                + Printable.line(oldest.id(), 60)
                + " has been worked on for "
                + Figures.time(oldest.age())
                + ", far longer than others; --timeout would end it");
      }
    }
    return lines;
  }

  /** How the queue stands, in half a sentence. */
  public static String state(QueueStatus status) {
    String paused = status.pausedFor();
    return switch (status.state()) {
      case QueueState.Drained drained when drained.dead() > 0 ->
          "drained, " + Figures.count(drained.dead(), "item") + " dead";
      case QueueState.Drained drained -> "drained";
      case QueueState.Incomplete incomplete ->
          "incomplete: these producers vanished: "
              + Printable.line(String.join(", ", incomplete.sources()), 200);
      case QueueState.Lost lost -> "lost: " + Printable.line(lost.why(), 200);
      case QueueState.NeverFilled never -> "has never held an item";
      case QueueState.ResultsFull full ->
          "no more leasing: "
              + Figures.bytes(full.bytes())
              + " of results are stored (results-max); take them with piecework results "
              + status.queue()
              + " --to FILE";
      case QueueState.Paused reason -> "paused: " + Printable.line(reason.reason(), 200);
      case QueueState.Ready ready when paused != null -> "paused: " + Printable.line(paused, 200);
      case QueueState.Ready ready ->
          status.counts().leased() > 0 ? "working" : "items wait to be leased";
      case QueueState.NotYet notYet -> "waiting for " + Printable.line(notYet.text(), 200);
    };
  }

  public static String counts(Counts counts) {
    String line =
        Figures.number(counts.waiting())
            + " waiting, "
            + Figures.number(counts.leased())
            + " leased, "
            + Figures.number(counts.delayed())
            + " delayed, "
            + Figures.number(counts.done())
            + " done, "
            + Figures.number(counts.dead())
            + " dead; "
            + Figures.number(counts.total())
            + " in all";
    return counts.external() == 0
        ? line
        : line + " (" + Figures.number(counts.external()) + " of the leased elsewhere)";
  }

  /** Of backup attempts; empty where none was made. */
  static String copies(QueueStatus.Copies copies) {
    return copies.made() == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "backup attempts: %,d made, %,d ended first, %,d under way",
            copies.made(),
            copies.won(),
            copies.underWay());
  }

  private static String pace(QueueStatus status) {
    return pace(status, status.pace().eta().map(eta -> "ETA " + Figures.time(eta)).orElse(""));
  }

  static String pace(QueueStatus status, String end) {
    return pace(status, end, status.pace().p99());
  }

  private static String pace(QueueStatus status, String end, Optional<Duration> within) {
    var pace = status.pace();
    List<String> parts = new ArrayList<>();
    if (pace.perSecond() > 0 && pace.endedAt() == null) {
      parts.add(Figures.rate(pace.perSecond()));
    }
    if (!end.isEmpty()) {
      boolean goesOn = status.pausedFor() == null && !status.sessions().isEmpty();
      parts.add(
          goesOn && !status.producers().isEmpty() ? end + ", if nothing more is filled" : end);
    }
    within.ifPresent(p99 -> parts.add("99% of attempts within " + Figures.time(p99)));
    var started = pace.startedAt();
    var ended = pace.endedAt();
    if (started != null && ended != null) {
      parts.add("took " + Figures.time(Duration.between(started, ended)));
    } else if (started != null) {
      parts.add("since " + started.truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
    }
    return String.join(", ", parts);
  }

  private static List<String> producers(List<ProducerView> producers) {
    if (producers.isEmpty()) {
      return List.of();
    }
    Table table = new Table("PRODUCER", "STATE", "FILLED", "HEARD");
    for (ProducerView producer : producers) {
      table.row(
          Printable.line(producer.source(), 60),
          producer.state().word(),
          Figures.number(producer.filled()),
          Figures.time(producer.lastHeard()) + " ago");
    }
    return table.lines();
  }

  private static List<String> sessions(List<SessionView> sessions) {
    if (sessions.isEmpty()) {
      return List.of();
    }
    Table table = new Table("WORKER", "PID", "SLOTS", "HOLDS", "OLDEST", "HEARD");
    for (SessionView session : sessions) {
      table.row(
          Printable.line(session.info().worker(), 60),
          session.info().pid(),
          session.info().slots(),
          Figures.number(session.holds()),
          oldest(session.oldest()),
          Figures.time(session.lastHeard()) + " ago" + (session.expired() ? ", expired" : ""));
    }
    return table.lines();
  }

  static String oldest(@Nullable OldestItem oldest) {
    return oldest == null
        ? "-"
        : Printable.line(oldest.id(), 40) + " (" + Figures.time(oldest.age()) + ")";
  }

  /** Those that people look for, as {@code piecework set} takes them. */
  public static String settings(QueueSettings settings) {
    return settings.listed().stream()
        .filter(Setting::isInStatus)
        .map(setting -> setting.name() + "=" + settings.text(setting))
        .collect(Collectors.joining(" "));
  }

  private static void addIndented(List<String> lines, List<String> more) {
    more.forEach(line -> lines.add("  " + line));
  }
}
