package dev.piecework.dashboard;

import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.QueueStatus.OldestItem;
import dev.piecework.QueueStatus.SessionView;
import dev.piecework.journal.FailureGroup;
import dev.piecework.journal.ItemTimes;
import dev.piecework.journal.Journal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** What there is to say of a run in one sentence, the most important first. Pure. */
final class Sentence {

  /** By how much an item is slower than the 95th percentile before it is worth a word. */
  private static final int SLOW = 3;

  /** With fewer attempts than these nobody knows what is slow. */
  private static final int ENOUGH = 20;

  private static final int LONGEST_REASON = 200;

  private Sentence() {}

  /**
   * @param ends when it ends, in half a sentence; empty where nothing is left
   */
  static String of(QueueStatus status, Journal journal, String ends) {
    List<String> parts = new ArrayList<>();
    switch (status.state()) {
      case QueueState.NeverFilled never -> {
        return "no item has been filled yet";
      }
      case QueueState.Lost lost -> parts.add("lost: " + cut(lost.why()));
      case QueueState.Incomplete incomplete ->
          parts.add("incomplete: these producers vanished: " + cut(list(incomplete.sources())));
      case QueueState.Drained drained -> parts.add(ended(status));
      case QueueState.Paused paused -> {
        parts.add(percent(status.counts()));
        parts.add("paused: " + cut(paused.reason()));
      }
      case QueueState.ResultsFull full -> {
        parts.add(percent(status.counts()));
        parts.add("nothing is leased: the stored results have reached results-max");
      }
      case QueueState.Ready ready -> underWay(parts, status, journal, ends);
      case QueueState.NotYet notYet -> underWay(parts, status, journal, ends);
    }
    dead(parts, status.counts(), journal);
    return String.join("; ", parts);
  }

  private static void underWay(
      List<String> parts, QueueStatus status, Journal journal, String ends) {
    String paused = status.pausedFor();
    String percent = percent(status.counts());
    if (paused != null) {
      parts.add(percent);
      parts.add("paused: " + cut(paused));
    } else if (ends.isEmpty()) {
      parts.add(percent);
    } else {
      parts.add(percent + ", " + ends);
    }
    slow(parts, status, journal.times());
  }

  /** Who holds up the end, or would. */
  private static void slow(List<String> parts, QueueStatus status, ItemTimes times) {
    if (times.count() < ENOUGH) {
      return;
    }
    Duration limit = times.quantile(0.95).multipliedBy(SLOW);
    List<OldestItem> late =
        status.sessions().stream()
            .map(SessionView::oldest)
            .filter(Objects::nonNull)
            .filter(oldest -> oldest.age().compareTo(limit) > 0)
            .sorted(Comparator.comparing(OldestItem::age).reversed())
            .toList();
    if (late.isEmpty()) {
      return;
    }
    QueueStatus.Counts counts = status.counts();
    boolean last = counts.waiting() + counts.delayed() == 0;
    parts.add(
        count(late.size(), "item")
            + (late.size() == 1 ? " has" : " have")
            + (last ? " held the end" : " been worked on")
            + " for up to "
            + time(late.getFirst().age())
            + ", where 95 % take "
            + time(times.quantile(0.95)));
  }

  private static void dead(List<String> parts, QueueStatus.Counts counts, Journal journal) {
    if (counts.dead() == 0) {
      return;
    }
    List<FailureGroup> kinds = journal.groups().stream().filter(group -> group.dead() > 0).toList();
    String dead = number(counts.dead()) + " dead";
    if (kinds.size() == 1) {
      parts.add(dead + ", all: " + cut(kinds.getFirst().cause()));
    } else if (kinds.isEmpty()) {
      parts.add(dead);
    } else {
      boolean others = kinds.stream().anyMatch(group -> group.cause().equals(FailureGroup.OTHER));
      parts.add(dead + " of " + (others ? "more than " : "") + kinds.size() + " kinds");
    }
  }

  private static String ended(QueueStatus status) {
    var began = status.pace().startedAt();
    var ended = status.pace().endedAt();
    String took =
        began == null || ended == null ? "" : " in " + time(Duration.between(began, ended));
    return "drained" + took + ", " + number(status.counts().done()) + " done";
  }

  /** As the bar below it says it, but for the last percent: that is for when all is done. */
  private static String percent(QueueStatus.Counts counts) {
    long total = counts.total();
    long percent = total == 0 ? 0 : Math.round(100.0 * counts.done() / total);
    return (counts.done() < total ? Math.min(percent, 99) : percent) + " % done";
  }

  private static String list(List<String> names) {
    return String.join(", ", names);
  }

  private static String cut(String text) {
    String line = text.strip().lines().findFirst().orElse("");
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON - 1) + "…";
  }

  private static String count(long number, String thing) {
    return number(number) + " " + thing + (number == 1 ? "" : "s");
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Two units at most: "850 ms", "12 s", "3 min 5 s", "2 h 7 min", "4 d 3 h". */
  static String time(Duration duration) {
    long millis = Math.max(duration.toMillis(), 0);
    long seconds = millis / 1_000;
    if (millis == 0 && duration.isPositive()) {
      return "less than 1 ms";
    }
    if (seconds < 1) {
      return millis + " ms";
    }
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3_600) {
      return two(seconds / 60, "min", seconds % 60, "s");
    }
    if (seconds < 86_400) {
      return two(seconds / 3_600, "h", seconds % 3_600 / 60, "min");
    }
    return two(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h");
  }

  private static String two(long large, String unit, long small, String smallUnit) {
    return large + " " + unit + (small == 0 ? "" : " " + small + " " + smallUnit);
  }
}
