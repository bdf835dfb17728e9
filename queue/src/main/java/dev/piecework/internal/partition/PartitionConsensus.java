package dev.piecework.internal.partition;

import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.SessionOptions;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.state.Reclaimer;
import dev.piecework.internal.state.StateReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The state of all partitions of a queue together. They cannot be read at one instant, so an end is
 * believed only when two rounds of reading found every partition at its end and unchanged: then
 * there was an instant between the rounds at which all of them were.
 */
final class PartitionConsensus {

  private final List<QueueClient> parts;
  private final List<StateReader> readers;
  private final List<Reclaimer> reclaimers;
  private final PartitionSources sources;
  private volatile boolean boundToRun;
  private volatile long expected;

  /** At this end all sources were in all partitions. */
  private volatile List<Change> whole = List.of();

  PartitionConsensus(List<QueueClient> parts) {
    this.parts = parts;
    this.readers = parts.stream().map(StateReader::new).toList();
    this.reclaimers = parts.stream().map(Reclaimer::new).toList();
    this.sources = new PartitionSources(parts);
  }

  /** What would differ if anything had happened to a partition that is at its end. */
  private record Change(String run, long token, QueueStatus.Counts counts, QueueState state) {
    static Change of(StateReader.Reading reading) {
      return new Change(reading.run(), reading.token(), reading.counts(), reading.state());
    }
  }

  /** Works for this run: one that begins later in a partition is none of ours. */
  void bindTo(String run) {
    String[] runs = run.split(",", -1);
    if (runs.length != 1 && runs.length != parts.size()) {
      throw new IllegalArgumentException(
          "run '" + run + "' names " + runs.length + " partitions, there are " + parts.size());
    }
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).workFor(runs[runs.length == 1 ? 0 : i]);
    }
    boundToRun = true;
  }

  /** Likewise as others do, or for what these options say instead. */
  void with(PartitionConsensus others, SessionOptions options) {
    boundToRun = others.boundToRun;
    expected = options.expect() == 0 ? others.expected : options.expect();
    String run = options.run();
    if (run != null) {
      bindTo(run);
    }
  }

  /** The run of this partition is over: what it works for is the next one, if there is any. */
  void runEndedIn(int partition) {
    if (!boundToRun) {
      parts.get(partition).workFor("");
    }
  }

  void reapExpired() {
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).retry().call(reclaimers.get(i)::reapExpired);
    }
  }

  List<StateReader.Reading> round() {
    List<StateReader.Reading> readings = new ArrayList<>(parts.size());
    for (int i = 0; i < parts.size(); i++) {
      StateReader.Reading reading = readers.get(i).read();
      if (reading.state() instanceof QueueState.Drained) {
        runEndedIn(i);
        reading = readers.get(i).read();
      }
      readings.add(reading);
    }
    return readings;
  }

  QueueState state() {
    List<StateReader.Reading> last = round();
    while (true) {
      QueueState all = allOf(last);
      if (!all.isEnd()) {
        return all;
      }
      List<StateReader.Reading> again = round();
      if (changes(again).equals(changes(last)) && allOf(again).equals(all)) {
        explain(again, all);
        return all;
      }
      last = again;
    }
  }

  // Nobody has vanished where each partition is drained.
  private void explain(List<StateReader.Reading> readings, QueueState all) {
    if (all instanceof QueueState.Incomplete incomplete
        && readings.stream().allMatch(each -> each.state() instanceof QueueState.Drained)) {
      parts
          .getFirst()
          .sayOnce(
              "a partition has lost what it was given by "
                  + String.join(", ", incomplete.sources())
                  + " (a failover before it was copied); the same fill again adds it");
    }
  }

  private static List<Change> changes(List<StateReader.Reading> readings) {
    return readings.stream().map(Change::of).toList();
  }

  private QueueState allOf(List<StateReader.Reading> readings) {
    QueueState all = together(readings.stream().map(StateReader.Reading::state).toList());
    if (!(all instanceof QueueState.Drained drained)) {
      return all;
    }
    long finished = drained.done() + drained.dead();
    long withdrawn = readings.stream().mapToLong(StateReader.Reading::withdrawn).sum();
    if (finished + withdrawn < expected) {
      return new QueueState.Lost(
          "the run has " + finished + " items, but " + expected + " were expected");
    }
    List<String> lost = lostSources(readings);
    if (!lost.isEmpty()) {
      return new QueueState.Incomplete(lost);
    }
    return new QueueState.Drained(joined(runs(readings)), drained.done(), drained.dead());
  }

  // Partitions of different runs have different sources.
  private List<String> lostSources(List<StateReader.Reading> readings) {
    List<Change> end = changes(readings);
    Set<String> runs = Set.copyOf(runs(readings));
    if (end.equals(whole) || runs.size() != 1) {
      return List.of();
    }
    List<String> lost = sources.lostOf(runs.iterator().next());
    if (lost.isEmpty()) {
      whole = end;
    }
    return lost;
  }

  private static List<String> runs(List<StateReader.Reading> readings) {
    return readings.stream().map(StateReader.Reading::run).toList();
  }

  /** The run of them all: one, as a rule. */
  static String joined(List<String> runs) {
    return Set.copyOf(runs).size() == 1 ? runs.getFirst() : String.join(",", runs);
  }

  /** What the states of all partitions come to, if they were of one instant. Pure. */
  static QueueState together(List<QueueState> parts) {
    List<QueueState.NotYet> notYet = new ArrayList<>();
    Set<String> vanished = new LinkedHashSet<>();
    QueueState blocked = null;
    boolean ready = false;
    int never = 0;
    String run = "";
    long done = 0;
    long dead = 0;
    for (QueueState part : parts) {
      switch (part) {
        case QueueState.Lost lost -> {
          return lost;
        }
        case QueueState.Ready some -> ready = true;
        case QueueState.NotYet some -> notYet.add(some);
        case QueueState.Paused paused -> blocked = paused;
        case QueueState.ResultsFull full -> blocked = blocked == null ? full : blocked;
        case QueueState.NeverFilled none -> never++;
        case QueueState.Incomplete incomplete -> vanished.addAll(incomplete.sources());
        case QueueState.Drained drained -> {
          run = drained.run();
          done += drained.done();
          dead += drained.dead();
        }
      }
    }
    if (ready) {
      return new QueueState.Ready();
    } else if (blocked != null) {
      return blocked;
    } else if (!notYet.isEmpty()) {
      return waiting(notYet);
    } else if (!vanished.isEmpty()) {
      return new QueueState.Incomplete(List.copyOf(vanished));
    } else if (never == parts.size()) {
      return new QueueState.NeverFilled();
    } else if (never > 0) {
      // A producer opens in all of them before it fills.
      return new QueueState.Lost(
          never
              + " of "
              + parts.size()
              + " partitions have no run, though the others have: their data was lost");
    }
    return new QueueState.Drained(run, done, dead);
  }

  private static QueueState.NotYet waiting(List<QueueState.NotYet> parts) {
    Duration next = parts.stream().map(QueueState.NotYet::nextChange).sorted().findFirst().get();
    return new QueueState.NotYet(
        next, parts.stream().flatMap(part -> part.waitingFor().stream()).distinct().toList());
  }

  /**
   * Before a fill: where some partitions are at their end and others are not yet, or have lost what
   * a source gave them, all take part in the same run again.
   *
   * @return the partitions whose run goes on. It may be ended there once more by whoever looks, so
   *     it is to be opened again by the script that opens the source.
   */
  Set<Integer> reopenEnded() {
    List<StateReader.Reading> readings = round();
    boolean goesOn =
        readings.stream()
                .anyMatch(reading ->
                    !(reading.state() instanceof QueueState.Drained
                        || reading.state() instanceof QueueState.NeverFilled))
            || !lostSources(readings).isEmpty();
    Set<Integer> going = new HashSet<>();
    for (int i = 0; i < parts.size() && goesOn; i++) {
      QueueClient part = parts.get(i);
      if (readings.get(i).state() instanceof QueueState.Drained) {
        part.insist(Script.REOPEN, part.scope(), readings.get(i).run());
      }
      if (!readings.get(i).run().isEmpty()) {
        going.add(i);
      }
    }
    return going;
  }
}
