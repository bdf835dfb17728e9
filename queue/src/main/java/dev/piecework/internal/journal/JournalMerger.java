package dev.piecework.internal.journal;

import dev.piecework.journal.FailureGroup;
import dev.piecework.journal.ItemTimes;
import dev.piecework.journal.Journal;
import dev.piecework.journal.ProgressPoint;
import dev.piecework.journal.SampledAttempt;
import dev.piecework.journal.SlotTime;
import dev.piecework.journal.SlowItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** One journal of those of a queue's partitions, within the bounds of one. */
public final class JournalMerger {

  private static final int POINTS = 513;
  private static final int SAMPLE = 2_000;
  private static final int WORKERS = 5;

  private JournalMerger() {}

  /** Of partitions that know of a run; of none an empty journal. */
  public static Journal merge(List<Journal> journals) {
    List<Journal> parts = journals.stream().filter(part -> part.run() != null).toList();
    if (parts.size() < 2) {
      return parts.isEmpty() ? JournalReader.NONE : parts.getFirst();
    }
    ItemTimes times = ItemTimes.NONE;
    Map<String, ItemTimes> byWorker = new HashMap<>();
    for (Journal part : parts) {
      times = times.plus(part.times());
      part.timesByWorker().forEach((worker, of) -> byWorker.merge(worker, of, ItemTimes::plus));
    }
    return new Journal(
        parts.getFirst().run(),
        parts.stream().map(Journal::began).filter(Objects::nonNull).min(Instant::compareTo).get(),
        points(parts),
        times,
        byWorker,
        all(parts, Journal::slowest)
            .sorted(Comparator.comparing(SlowItem::took).reversed())
            .limit(JournalPart.SLOWEST)
            .toList(),
        parts.stream().mapToLong(Journal::attempts).sum(),
        sample(parts),
        groups(all(parts, Journal::groups).toList()),
        slotTime(parts));
  }

  private interface Part<T> {
    List<T> of(Journal journal);
  }

  private static <T> Stream<T> all(List<Journal> parts, Part<T> part) {
    return parts.stream().flatMap(journal -> part.of(journal).stream());
  }

  // Sums of the last points of all. A worker tells all partitions of its beat one after the other:
  // what lies so close together is one point, or its few milliseconds would look like a rate.
  private static List<ProgressPoint> points(List<Journal> parts) {
    record Of(int part, ProgressPoint point) {}
    List<Of> all = new ArrayList<>();
    for (int part = 0; part < parts.size(); part++) {
      for (ProgressPoint point : parts.get(part).points()) {
        all.add(new Of(part, point));
      }
    }
    all.sort(Comparator.comparing(of -> of.point.at()));
    long width = parts.stream().mapToLong(JournalMerger::width).min().orElse(0);
    ProgressPoint[] last = new ProgressPoint[parts.size()];
    List<ProgressPoint> sums = new ArrayList<>();
    long began = Long.MIN_VALUE / 2;
    long before = began;
    for (Of of : all) {
      last[of.part] = of.point;
      long at = of.point.at().toEpochMilli();
      if (!sums.isEmpty() && at - before < width / 2 && at - began < 2 * width) {
        sums.removeLast();
      } else {
        began = at;
      }
      before = at;
      sums.add(sum(of.point.at(), last));
    }
    return thinned(sums);
  }

  /** Milliseconds between two points, where there are two. */
  private static long width(Journal part) {
    List<ProgressPoint> points = part.points();
    return points.size() < 2
        ? Long.MAX_VALUE / 4
        : Duration.between(points.getFirst().at(), points.getLast().at()).toMillis()
            / (points.size() - 1);
  }

  private static List<ProgressPoint> thinned(List<ProgressPoint> sums) {
    int step = (sums.size() + POINTS - 1) / POINTS;
    List<ProgressPoint> some = new ArrayList<>();
    for (int i = 0; i < sums.size(); i++) {
      if ((sums.size() - 1 - i) % step == 0) {
        some.add(sums.get(i));
      }
    }
    return some;
  }

  private static ProgressPoint sum(Instant at, ProgressPoint[] points) {
    ProgressPoint sum = new ProgressPoint(at, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO);
    for (ProgressPoint point : points) {
      if (point != null) {
        sum =
            new ProgressPoint(
                at,
                sum.done() + point.done(),
                sum.dead() + point.dead(),
                sum.failed() + point.failed(),
                sum.lost() + point.lost(),
                sum.busy().plus(point.busy()),
                sum.slots().plus(point.slots()));
      }
    }
    return sum;
  }

  // From each part as many as it had attempts: the same ones each time.
  private static List<SampledAttempt> sample(List<Journal> parts) {
    long attempts = parts.stream().mapToLong(Journal::attempts).sum();
    long kept = parts.stream().mapToLong(part -> part.sample().size()).sum();
    long wanted = Math.min(SAMPLE, kept);
    List<SampledAttempt> sample = new ArrayList<>();
    for (Journal part : parts) {
      List<SampledAttempt> some = new ArrayList<>(part.sample());
      long share = attempts == 0 ? 0 : Math.round((double) wanted * part.attempts() / attempts);
      SplittableRandom random = new SplittableRandom(part.attempts());
      while (some.size() > share) {
        some.set(random.nextInt(some.size()), some.getLast());
        some.removeLast();
      }
      sample.addAll(some);
    }
    sample.sort(Comparator.comparing(SampledAttempt::started));
    return sample;
  }

  private static List<FailureGroup> groups(List<FailureGroup> all) {
    Map<String, FailureGroup> byCause = new LinkedHashMap<>();
    all.forEach(group -> byCause.merge(group.cause(), group, JournalMerger::sum));
    return byCause.values().stream()
        .sorted(Comparator.comparingLong(FailureGroup::attempts).reversed())
        .toList();
  }

  private static FailureGroup sum(FailureGroup a, FailureGroup b) {
    Map<String, Long> workers = new HashMap<>(a.workers());
    b.workers().forEach((worker, count) -> workers.merge(worker, count, Long::sum));
    Map<String, Long> most = new LinkedHashMap<>();
    workers.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(WORKERS)
        .forEach(entry -> most.put(entry.getKey(), entry.getValue()));
    FailureGroup earlier = a.first().isAfter(b.first()) ? b : a;
    return new FailureGroup(
        a.id(),
        a.cause(),
        a.attempts() + b.attempts(),
        a.dead() + b.dead(),
        earlier.first(),
        a.last().isAfter(b.last()) ? a.last() : b.last(),
        most,
        earlier.exampleId(),
        earlier.example());
  }

  private static SlotTime slotTime(List<Journal> parts) {
    SlotTime sum = JournalReader.NONE.slotTime();
    for (Journal part : parts) {
      SlotTime of = part.slotTime();
      sum =
          new SlotTime(
              sum.useful().plus(of.useful()),
              sum.retried().plus(of.retried()),
              sum.lost().plus(of.lost()),
              sum.idle().plus(of.idle()));
    }
    return sum;
  }
}
