package dev.piecework.internal.partition;

import dev.piecework.QueueStatus;
import dev.piecework.SessionOptions;
import dev.piecework.Standing;
import dev.piecework.internal.client.Contact;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.state.Reclaimer;
import dev.piecework.internal.state.Standings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How all partitions of a queue stand together. They cannot be read at one instant, so an end is
 * believed only when two rounds of reading found every partition at its end and unchanged: then
 * there was an instant between the rounds at which all of them were.
 */
final class Rounds {

  private final List<Contact> parts;
  private final List<Standings> standings;
  private final List<Reclaimer> reclaimers;
  private volatile boolean boundToRun;
  private volatile long expected;

  Rounds(List<Contact> parts) {
    this.parts = parts;
    this.standings = parts.stream().map(Standings::new).toList();
    this.reclaimers = parts.stream().map(Reclaimer::new).toList();
  }

  /** What would differ if anything had happened to a partition that stands at its end. */
  private record Change(String run, long token, QueueStatus.Counts counts, Standing standing) {
    static Change of(Standings.Reading reading) {
      return new Change(reading.run(), reading.token(), reading.counts(), reading.standing());
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
  void with(Rounds others, SessionOptions options) {
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
      parts.get(i).patience().insist(reclaimers.get(i)::reapExpired);
    }
  }

  List<Standings.Reading> round() {
    List<Standings.Reading> readings = new ArrayList<>(parts.size());
    for (int i = 0; i < parts.size(); i++) {
      Standings.Reading reading = standings.get(i).read();
      if (reading.standing() instanceof Standing.Drained) {
        runEndedIn(i);
        reading = standings.get(i).read();
      }
      readings.add(reading);
    }
    return readings;
  }

  Standing standing() {
    List<Standings.Reading> last = round();
    while (true) {
      Standing all = allOf(last);
      if (!all.isEnd()) {
        return all;
      }
      List<Standings.Reading> again = round();
      if (changes(again).equals(changes(last))) {
        return all;
      }
      last = again;
    }
  }

  private static List<Change> changes(List<Standings.Reading> readings) {
    return readings.stream().map(Change::of).toList();
  }

  private Standing allOf(List<Standings.Reading> readings) {
    Standing all = together(readings.stream().map(Standings.Reading::standing).toList());
    if (!(all instanceof Standing.Drained drained)) {
      return all;
    }
    long finished = drained.done() + drained.dead();
    long withdrawn = readings.stream().mapToLong(Standings.Reading::withdrawn).sum();
    if (finished + withdrawn < expected) {
      return new Standing.Lost(
          "the run has " + finished + " items, but " + expected + " were expected");
    }
    List<String> runs = readings.stream().map(Standings.Reading::run).toList();
    return new Standing.Drained(joined(runs), drained.done(), drained.dead());
  }

  /** The run of them all: one, as a rule. */
  static String joined(List<String> runs) {
    return Set.copyOf(runs).size() == 1 ? runs.getFirst() : String.join(",", runs);
  }

  /** What the standings of all partitions come to, if they were of one instant. Pure. */
  static Standing together(List<Standing> parts) {
    List<Standing.NotYet> notYet = new ArrayList<>();
    Set<String> vanished = new LinkedHashSet<>();
    Standing blocked = null;
    boolean ready = false;
    int never = 0;
    String run = "";
    long done = 0;
    long dead = 0;
    for (Standing part : parts) {
      switch (part) {
        case Standing.Lost lost -> {
          return lost;
        }
        case Standing.Ready some -> ready = true;
        case Standing.NotYet some -> notYet.add(some);
        case Standing.Paused paused -> blocked = paused;
        case Standing.ResultsFull full -> blocked = blocked == null ? full : blocked;
        case Standing.NeverFilled none -> never++;
        case Standing.Incomplete incomplete -> vanished.addAll(incomplete.sources());
        case Standing.Drained drained -> {
          run = drained.run();
          done += drained.done();
          dead += drained.dead();
        }
      }
    }
    if (ready) {
      return new Standing.Ready();
    } else if (blocked != null) {
      return blocked;
    } else if (!notYet.isEmpty()) {
      return waiting(notYet);
    } else if (!vanished.isEmpty()) {
      return new Standing.Incomplete(List.copyOf(vanished));
    } else if (never == parts.size()) {
      return new Standing.NeverFilled();
    } else if (never > 0) {
      // A producer opens in all of them before it fills.
      return new Standing.Lost(
          never
              + " of "
              + parts.size()
              + " partitions have no run, though the others have: their data was lost");
    }
    return new Standing.Drained(run, done, dead);
  }

  private static Standing.NotYet waiting(List<Standing.NotYet> parts) {
    Duration next = parts.stream().map(Standing.NotYet::nextChange).sorted().findFirst().get();
    Set<String> whom =
        parts.stream()
            .map(Standing.NotYet::waitingFor)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return new Standing.NotYet(
        next, String.join("; ", whom), parts.stream().allMatch(Standing.NotYet::onlyElsewhere));
  }

  /**
   * Before a fill: where some partitions are at their end and others are not yet, those take part
   * in the same run again.
   */
  void reopenEnded() {
    List<Standings.Reading> readings = round();
    boolean goesOn =
        readings.stream()
            .anyMatch(reading ->
                !(reading.standing() instanceof Standing.Drained
                    || reading.standing() instanceof Standing.NeverFilled));
    for (int i = 0; i < parts.size() && goesOn; i++) {
      Contact part = parts.get(i);
      if (readings.get(i).standing() instanceof Standing.Drained) {
        part.insist(Script.REOPEN, part.scope(), readings.get(i).run());
      }
    }
  }
}
