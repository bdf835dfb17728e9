package dev.piecework.internal.session;

import dev.piecework.QueueStatus;
import dev.piecework.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a session says of itself with its heartbeats; for people. */
final class SessionReport {

  private final HeldLeases held;
  private volatile Session.@Nullable Reporter reporter;

  SessionReport(HeldLeases held) {
    this.held = held;
  }

  void by(Session.Reporter newReporter) {
    reporter = newReporter;
  }

  /** "id TAB attempt TAB milliseconds TAB holds" of the oldest item, or "TAB 0 TAB 0 TAB holds". */
  String text() {
    int holds = held.count();
    QueueStatus.OldestItem oldest = oldest();
    return oldest == null
        ? "\t0\t0\t" + holds
        : String.format(
            Locale.ROOT,
            "%s\t%d\t%d\t%d",
            oldest.id(),
            oldest.attempt(),
            oldest.age().toMillis(),
            holds);
  }

  private QueueStatus.@Nullable OldestItem oldest() {
    Session.Reporter by = reporter;
    if (by != null) {
      return by.oldest();
    }
    return held.oldest()
        .map(first -> {
          Duration age = Duration.ofNanos(System.nanoTime() - first.leasedNanos());
          return new QueueStatus.OldestItem(first.stored(), first.attempt(), age, false);
        })
        .orElse(null);
  }

  /** How many attempts took so long, since it was asked last: bucket and count, where there are. */
  List<Object> durations() {
    Session.Reporter by = reporter;
    if (by == null) {
      return List.of();
    }
    List<Object> durations = new ArrayList<>();
    long[] counts = by.durations();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        durations.add(i);
        durations.add(counts[i]);
      }
    }
    return durations;
  }
}
