package dev.piecework.internal.partition;

import dev.piecework.QueueSettings;
import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.QueueStatus.Counts;
import dev.piecework.QueueStatus.OldestItem;
import dev.piecework.QueueStatus.Pace;
import dev.piecework.QueueStatus.PartitionView;
import dev.piecework.QueueStatus.ProducerView;
import dev.piecework.QueueStatus.SessionView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The status of a queue from those of its partitions. Pure. */
final class StatusMerger {

  private StatusMerger() {}

  static QueueStatus of(
      String queue, QueueSettings settings, QueueState state, List<QueueStatus> parts) {
    List<String> runs =
        parts.stream().map(part -> Objects.requireNonNullElse(part.run(), "")).toList();
    String run = PartitionConsensus.joined(runs);
    Counts counts = parts.stream().map(QueueStatus::counts).reduce(StatusMerger::sum).orElseThrow();
    List<PartitionView> views = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      views.add(new PartitionView(i, parts.get(i).counts(), parts.get(i).state()));
    }
    return new QueueStatus(
        queue,
        run.isEmpty() ? null : run,
        counts,
        state,
        parts.stream()
            .map(QueueStatus::pausedFor)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null),
        List.copyOf(
            merged(parts, QueueStatus::producers, ProducerView::source, StatusMerger::both)),
        List.copyOf(merged(parts, QueueStatus::sessions, SessionView::info, StatusMerger::both)),
        pace(counts, parts.stream().map(QueueStatus::pace).toList()),
        settings,
        views);
  }

  private static Counts sum(Counts a, Counts b) {
    return new Counts(
        a.waiting() + b.waiting(),
        a.leased() + b.leased(),
        a.delayed() + b.delayed(),
        a.done() + b.done(),
        a.dead() + b.dead(),
        a.external() + b.external());
  }

  // A source is open in every partition, a worker has a session in each that it has visited.
  private static <T> List<T> merged(
      List<QueueStatus> parts,
      Function<QueueStatus, List<T>> views,
      Function<T, Object> whose,
      java.util.function.BinaryOperator<T> both) {
    Map<Object, T> all = new LinkedHashMap<>();
    parts.stream()
        .flatMap(part -> views.apply(part).stream())
        .forEach(view -> all.merge(whose.apply(view), view, both));
    return new ArrayList<>(all.values());
  }

  private static ProducerView both(ProducerView a, ProducerView b) {
    boolean worse = b.state().compareTo(a.state()) > 0;
    return new ProducerView(
        a.source(),
        worse ? b.state() : a.state(),
        a.filled() + b.filled(),
        longer(a.lastHeard(), b.lastHeard()));
  }

  private static SessionView both(SessionView a, SessionView b) {
    return new SessionView(
        a.id(),
        a.info(),
        a.holds() + b.holds(),
        older(a.oldest(), b.oldest()),
        longer(a.lastHeard(), b.lastHeard()),
        a.expired() || b.expired(),
        a.ages().plus(b.ages()));
  }

  private static @Nullable OldestItem older(@Nullable OldestItem a, @Nullable OldestItem b) {
    return Stream.of(Optional.ofNullable(a), Optional.ofNullable(b))
        .flatMap(Optional::stream)
        .max(Comparator.comparing(OldestItem::age))
        .orElse(null);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private static Pace pace(Counts counts, List<Pace> parts) {
    Optional<Instant> started =
        parts.stream().map(Pace::startedAt).filter(Objects::nonNull).min(Instant::compareTo);
    boolean over = parts.stream().allMatch(part -> part.endedAt() != null);
    Optional<Instant> ended =
        parts.stream().map(Pace::endedAt).filter(at -> over && at != null).max(Instant::compareTo);
    double perSecond =
        parts.stream()
            .filter(part -> over || part.endedAt() == null)
            .mapToDouble(Pace::perSecond)
            .sum();
    return new Pace(
        started.orElse(null),
        ended.orElse(null),
        perSecond,
        perSecond > 0 && counts.unfinished() > 0
            ? Optional.of(Duration.ofMillis((long) (counts.unfinished() / perSecond * 1_000)))
            : Optional.empty(),
        parts.stream().flatMap(part -> part.p99().stream()).max(Duration::compareTo),
        parts.stream().flatMap(part -> part.lastDue().stream()).max(Duration::compareTo));
  }
}
