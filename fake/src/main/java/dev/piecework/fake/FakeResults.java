package dev.piecework.fake;

import dev.piecework.Result;
import dev.piecework.journal.ItemTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is kept of the done items of a run. Guarded by its bag. */
final class FakeResults {

  private final List<Result> kept = new ArrayList<>();
  private ItemTimes times = ItemTimes.NONE;
  private Duration useful = Duration.ZERO;
  private long sequence;
  private long bytes;

  long nextSequence() {
    return sequence + 1;
  }

  void add(Result result) {
    sequence = result.sequence();
    bytes += size(result);
    kept.add(result);
  }

  void times(Duration took) {
    times = times.plus(new ItemTimes(Map.of(ItemTimes.bucketOf(took.toMillis()), 1L)));
    useful = useful.plus(took);
  }

  ItemTimes times() {
    return times;
  }

  Duration useful() {
    return useful;
  }

  List<Result> all() {
    return List.copyOf(kept);
  }

  List<Result> after(long from, int max) {
    return kept.stream().filter(result -> result.sequence() > from).limit(max).toList();
  }

  void dropUpTo(long last) {
    kept.removeIf(result -> result.sequence() <= last);
    bytes = kept.stream().mapToLong(FakeResults::size).sum();
  }

  long bytes() {
    return bytes;
  }

  void clear() {
    kept.clear();
    times = ItemTimes.NONE;
    useful = Duration.ZERO;
    sequence = 0;
    bytes = 0;
  }

  private static long size(Result result) {
    return result.payload().length + (long) result.result().length;
  }
}
