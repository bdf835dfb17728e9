package dev.piecework.internal.journal;

import dev.piecework.Session.SlotTimes;
import dev.piecework.internal.journal.JournalRecorder.Ended;
import dev.piecework.journal.ItemTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * What a session tells with one heartbeat, as the scripts {@code beat} and {@code leave} take it.
 */
public final class JournalPart {

  /** How many of the slowest are kept: of those of one heartbeat, and in Redis. */
  static final int SLOWEST = 100;

  /** How many attempts of one heartbeat are told at most. */
  static final int SAMPLED = 500;

  private final long[] times = new long[ItemTimes.LAST_BUCKET + 1];
  private final PriorityQueue<Ended> slowest =
      new PriorityQueue<>(Comparator.comparingLong(Ended::millis));
  private final List<Ended> sample = new ArrayList<>();
  private long ended;
  private long usefulMillis;
  private long failedMillis;
  private SlotTimes slots = SlotTimes.NONE;

  JournalPart() {}

  void add(Ended attempt, SplittableRandom random) {
    ended++;
    switch (attempt.end()) {
      case DONE -> {
        usefulMillis += attempt.millis();
        times[ItemTimes.bucketOf(attempt.millis())]++;
        keepIfSlow(attempt);
      }
      case FAILED, BURIED -> failedMillis += attempt.millis();
      case LOST -> {}
    }
    if (sample.size() < SAMPLED) {
      sample.add(attempt);
    } else {
      long place = random.nextLong(ended);
      if (place < SAMPLED) {
        sample.set((int) place, attempt);
      }
    }
  }

  void addAll(JournalPart other, SplittableRandom random) {
    for (int bucket = 0; bucket < times.length; bucket++) {
      times[bucket] += other.times[bucket];
    }
    other.slowest.forEach(this::keepIfSlow);
    sample.addAll(other.sample);
    while (sample.size() > SAMPLED) {
      sample.set(random.nextInt(sample.size()), sample.getLast());
      sample.removeLast();
    }
    ended += other.ended;
    usefulMillis += other.usefulMillis;
    failedMillis += other.failedMillis;
    slots = slots.plus(other.slots);
  }

  private void keepIfSlow(Ended attempt) {
    if (slowest.size() < SLOWEST) {
      slowest.add(attempt);
    } else if (slowest.element().millis() < attempt.millis()) {
      slowest.poll();
      slowest.add(attempt);
    }
  }

  /** What the slots did meanwhile, as a worker knows it. */
  public void slots(SlotTimes since) {
    slots = slots.plus(since);
  }

  /** They are not known: who leases by himself is busy with what he leases, and never idle. */
  public void slotsUnknown() {
    Duration useful = Duration.ofMillis(usefulMillis);
    Duration failed = Duration.ofMillis(failedMillis);
    slots = new SlotTimes(useful.plus(failed), useful, failed, Duration.ZERO);
  }

  /**
   * The arguments, in the order of the scripts' headers from {@code name} on.
   *
   * @param dice chooses which attempts of the sample in Redis give way
   */
  public List<Object> arguments(String worker, int dice) {
    StringBuilder counts = new StringBuilder();
    for (int bucket = 0; bucket < times.length; bucket++) {
      if (times[bucket] > 0) {
        counts.append(counts.isEmpty() ? "" : ",").append(bucket).append(':').append(times[bucket]);
      }
    }
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                worker,
                slots.busy().toMillis(),
                slots.all().toMillis(),
                slots.useful().toMillis(),
                slots.failed().toMillis(),
                ended,
                counts.toString(),
                slowest.stream()
                    .map(slow -> slow.millis() + "\t" + slow.attempt() + "\t" + slow.id())
                    .collect(Collectors.joining("\n")),
                dice));
    sample.forEach(attempt -> arguments.add(line(attempt)));
    return arguments;
  }

  private static String line(Ended attempt) {
    return String.format(
        Locale.ROOT,
        "%d\t%d\t%d\t%c\t%s",
        attempt.started(),
        attempt.millis(),
        attempt.slot(),
        attempt.end().name().charAt(0),
        attempt.id());
  }
}
