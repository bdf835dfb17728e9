package dev.piecework.internal.session;

import dev.piecework.QueueStatus;
import dev.piecework.Session;
import dev.piecework.journal.ItemTimes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
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

  /**
   * "id TAB attempt TAB milliseconds TAB holds TAB ages" of the oldest item, or "TAB 0 TAB 0 TAB
   * holds TAB ages". The ages of all attempts under way are "bucket:count,...", in those of {@link
   * ItemTimes}, so that they are few however many slots there are.
   */
  String text() {
    QueueStatus.OldestItem oldest = oldest();
    String first =
        oldest == null
            ? "\t0\t0"
            : oldest.id() + "\t" + oldest.attempt() + "\t" + oldest.age().toMillis();
    return first + "\t" + held.count() + "\t" + ages();
  }

  private QueueStatus.@Nullable OldestItem oldest() {
    Session.Reporter by = reporter;
    return by != null ? by.oldest() : held.oldest().map(SessionReport::item).orElse(null);
  }

  private String ages() {
    Session.Reporter by = reporter;
    List<QueueStatus.OldestItem> running =
        by != null ? by.running() : held.all().stream().map(SessionReport::item).toList();
    Map<Integer, Long> counts = new TreeMap<>();
    running.forEach(item -> counts.merge(ItemTimes.bucketOf(item.age().toMillis()), 1L, Long::sum));
    return counts.entrySet().stream()
        .map(bucket -> bucket.getKey() + ":" + bucket.getValue())
        .collect(Collectors.joining(","));
  }

  private static QueueStatus.OldestItem item(HeldLease lease) {
    Duration age = Duration.ofNanos(System.nanoTime() - lease.leasedNanos());
    return new QueueStatus.OldestItem(lease.stored(), lease.attempt(), age, false);
  }

  /** What the slots did since it was asked last, if somebody knows. */
  Optional<Session.SlotTimes> slots() {
    return Optional.ofNullable(reporter).map(Session.Reporter::slots);
  }
}
