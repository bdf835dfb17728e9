package dev.piecework.journal;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a run beside its items.
 *
 * @param run its id, or null where the queue has had no run
 * @param began when, by Redis's clock; null as the id
 * @param points at most 512, in order of time, the first at the run's beginning
 * @param times how long attempts took that ended as done
 * @param timesByWorker likewise, in buckets four times as wide (each is counted in the first of
 *     four); of 200 workers, and those after them under an empty name
 * @param slowest at most 100, slowest first
 * @param attempts how many attempts have ended
 * @param sample at most 2,000 of them, each about equally likely, in order of their start
 * @param groups at most 200 and one for the rest, most attempts first
 * @param slotTime what the slots did with their time
 */
public record Journal(
    @Nullable String run,
    @Nullable Instant began,
    List<ProgressPoint> points,
    ItemTimes times,
    Map<String, ItemTimes> timesByWorker,
    List<SlowItem> slowest,
    long attempts,
    List<SampledAttempt> sample,
    List<FailureGroup> groups,
    SlotTime slotTime) {
  public Journal {
    points = List.copyOf(points);
    timesByWorker = Map.copyOf(timesByWorker);
    slowest = List.copyOf(slowest);
    sample = List.copyOf(sample);
    groups = List.copyOf(groups);
  }
}
