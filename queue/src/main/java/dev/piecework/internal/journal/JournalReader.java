package dev.piecework.internal.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Values;
import dev.piecework.journal.AttemptEnd;
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
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** Reads the journal of a run, in four calls that do not grow with the number of items. */
public final class JournalReader {

  static final Journal NONE =
      new Journal(
          null,
          null,
          List.of(),
          ItemTimes.NONE,
          Map.of(),
          List.of(),
          0,
          List.of(),
          List.of(),
          new SlotTime(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO));

  private final QueueClient client;

  public JournalReader(QueueClient client) {
    this.client = client;
  }

  /** The journal of the run that is under way or was the last to end. */
  public Journal read() {
    Values state = call(Command.HMGET, client.keys().key("state"), "run", "begun");
    if (state.parts().get(0) == null) {
      return NONE;
    }
    String run = state.text(0);
    Instant began = Instant.ofEpochMilli(Long.parseLong(state.text(1)));
    Map<String, String> fields = fields(run);
    Map<Integer, String> workers = new HashMap<>();
    Map<String, ItemTimes> byWorker = new HashMap<>();
    Map<Integer, Long> times = new TreeMap<>();
    List<FailureGroup> groups = new ArrayList<>();
    fields.forEach((field, value) -> {
      if (field.startsWith("t:")) {
        times.put(Integer.parseInt(field.substring(2)), Long.parseLong(value));
      } else if (field.startsWith("w:")) {
        String worker = field.substring(2);
        int space = value.indexOf(' ');
        workers.put(Integer.parseInt(value.substring(0, space)), worker);
        byWorker.put(worker, parsed(value.substring(space + 1)));
      }
    });
    fields.forEach((field, value) -> {
      if (field.startsWith("g:")) {
        groups.add(group(field.substring(2), value, fields, workers));
      }
    });
    groups.sort(Comparator.comparingLong(FailureGroup::attempts).reversed());
    long begun = Long.parseLong(fields.getOrDefault("begun", state.text(1)));
    return new Journal(
        run,
        began,
        points(run, began),
        new ItemTimes(times),
        byWorker,
        slowest(run, workers),
        number(fields, "attempts"),
        sample(run, begun, workers),
        groups,
        slotTime(fields));
  }

  /** How long attempts of this run took that ended as done. */
  public ItemTimes times(String run) {
    String[] fields = new String[ItemTimes.LAST_BUCKET + 1];
    Arrays.setAll(fields, bucket -> "t:" + bucket);
    Values counts = call(Command.HMGET, client.keys().journal("journal", run), fields);
    Map<Integer, Long> times = new TreeMap<>();
    for (int bucket = 0; bucket < counts.size(); bucket++) {
      if (counts.parts().get(bucket) != null) {
        times.put(bucket, counts.number(bucket));
      }
    }
    return new ItemTimes(times);
  }

  /**
   * How long attempts took that ended as done.
   *
   * @param byWorker in buckets four times as wide
   */
  public record Times(ItemTimes all, Map<String, ItemTimes> byWorker) {}

  /** The times of this run, in one call. */
  public Times timesByWorker(String run) {
    Map<Integer, Long> all = new TreeMap<>();
    Map<String, ItemTimes> byWorker = new HashMap<>();
    fields(run)
        .forEach((field, value) -> {
          if (field.startsWith("t:")) {
            all.put(Integer.parseInt(field.substring(2)), Long.parseLong(value));
          } else if (field.startsWith("w:")) {
            byWorker.put(field.substring(2), parsed(value.substring(value.indexOf(' ') + 1)));
          }
        });
    return new Times(new ItemTimes(all), byWorker);
  }

  /**
   * How the dead items of this group are marked: "number run"; null where there is no such group.
   */
  public @Nullable String stored(String id) {
    Values state = call(Command.HMGET, client.keys().key("state"), "run");
    if (state.parts().get(0) == null) {
      return null;
    }
    for (Map.Entry<String, String> field : fields(state.text(0)).entrySet()) {
      if (field.getKey().startsWith("g:")
          && FailureGroup.idOf(cause(field.getKey().substring(2))).equals(id)) {
        return field.getValue().substring(0, field.getValue().indexOf(' ') + 1) + state.text(0);
      }
    }
    return null;
  }

  /** The group ids of the run by how {@link #stored} marks them. */
  public Map<String, String> groupsByMark() {
    Values state = call(Command.HMGET, client.keys().key("state"), "run");
    if (state.parts().get(0) == null) {
      return Map.of();
    }
    Map<String, String> ids = new HashMap<>();
    fields(state.text(0))
        .forEach((field, value) -> {
          if (field.startsWith("g:")) {
            ids.put(
                value.substring(0, value.indexOf(' ') + 1) + state.text(0),
                FailureGroup.idOf(cause(field.substring(2))));
          }
        });
    return ids;
  }

  private static String cause(String stored) {
    return stored.isEmpty() ? FailureGroup.OTHER : stored;
  }

  private Map<String, String> fields(String run) {
    Values pairs = call(Command.HGETALL, client.keys().journal("journal", run));
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      fields.put(pairs.text(i), pairs.text(i + 1));
    }
    return fields;
  }

  /** As sessions tell them: "bucket:count,..." */
  public static ItemTimes parsed(String text) {
    Map<Integer, Long> counts = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      int colon = part.indexOf(':');
      if (colon > 0) {
        counts.put(
            Integer.parseInt(part.substring(0, colon)), Long.parseLong(part.substring(colon + 1)));
      }
    }
    return new ItemTimes(counts);
  }

  // "number count first last worker:count,...".
  private FailureGroup group(
      String stored, String value, Map<String, String> fields, Map<Integer, String> names) {
    String[] parts = value.split(" ", 5);
    String number = parts[0];
    Map<String, Long> workers = new LinkedHashMap<>();
    for (String of : parts[4].split(",", -1)) {
      int colon = of.indexOf(':');
      String worker = names.getOrDefault(Integer.parseInt(of.substring(0, colon)), "");
      workers.merge(worker, Long.parseLong(of.substring(colon + 1)), Long::sum);
    }
    String[] example = fields.getOrDefault("e:" + number, "\t").split("\t", 2);
    String cause = cause(stored);
    return new FailureGroup(
        FailureGroup.idOf(cause),
        cause,
        Long.parseLong(parts[1]),
        number(fields, "d:" + number),
        Instant.ofEpochMilli(Long.parseLong(parts[2])),
        Instant.ofEpochMilli(Long.parseLong(parts[3])),
        workers,
        client.partition().shown(example[0]),
        example[1]);
  }

  private List<ProgressPoint> points(String run, Instant began) {
    List<ProgressPoint> points = new ArrayList<>();
    points.add(new ProgressPoint(began, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO));
    for (String line :
        call(Command.LRANGE, client.keys().journal("points", run), "0", "-1").texts()) {
      String[] n = line.split(" ", -1);
      points.add(
          new ProgressPoint(
              Instant.ofEpochMilli(Long.parseLong(n[0])),
              Long.parseLong(n[1]),
              Long.parseLong(n[2]),
              Long.parseLong(n[3]),
              Long.parseLong(n[4]),
              Duration.ofMillis(Long.parseLong(n[5])),
              Duration.ofMillis(Long.parseLong(n[6]))));
    }
    return points;
  }

  // Members "worker TAB attempt TAB id", by their milliseconds.
  private List<SlowItem> slowest(String run, Map<Integer, String> workers) {
    Values pairs =
        call(Command.ZRANGE, client.keys().journal("slowest", run), "0", "-1", "REV", "WITHSCORES");
    List<SlowItem> items = new ArrayList<>();
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      String[] what = pairs.text(i).split("\t", 3);
      items.add(
          new SlowItem(
              client.partition().shown(what[2]),
              Integer.parseInt(what[1]),
              Duration.ofMillis((long) Double.parseDouble(pairs.text(i + 1))),
              workers.getOrDefault(Integer.parseInt(what[0]), "")));
    }
    return items;
  }

  // "worker started TAB ms TAB slot TAB end TAB id", the start in ms since the run's beginning.
  private List<SampledAttempt> sample(String run, long begun, Map<Integer, String> workers) {
    List<SampledAttempt> attempts = new ArrayList<>();
    for (String line :
        call(Command.LRANGE, client.keys().journal("sample", run), "0", "-1").texts()) {
      int space = line.indexOf(' ');
      String[] what = line.substring(space + 1).split("\t", 5);
      attempts.add(
          new SampledAttempt(
              workers.getOrDefault(Integer.parseInt(line.substring(0, space)), ""),
              Integer.parseInt(what[2]),
              Instant.ofEpochMilli(begun + Long.parseLong(what[0])),
              Duration.ofMillis(Long.parseLong(what[1])),
              end(what[3]),
              client.partition().shown(what[4])));
    }
    attempts.sort(Comparator.comparing(SampledAttempt::started));
    return attempts;
  }

  private static AttemptEnd end(String letter) {
    return switch (letter) {
      case "D" -> AttemptEnd.DONE;
      case "B" -> AttemptEnd.BURIED;
      case "L" -> AttemptEnd.LOST;
      default -> AttemptEnd.FAILED;
    };
  }

  private static SlotTime slotTime(Map<String, String> fields) {
    long useful = number(fields, "useful");
    long retried = number(fields, "retried");
    long busy = Math.max(number(fields, "busy"), useful + retried);
    long idle = Math.max(number(fields, "slots") - busy, 0);
    return new SlotTime(
        Duration.ofMillis(useful),
        Duration.ofMillis(retried),
        Duration.ofMillis(busy - useful - retried),
        Duration.ofMillis(idle));
  }

  private static long number(Map<String, String> fields, String name) {
    return Long.parseLong(fields.getOrDefault(name, "0"));
  }

  private Values call(Command command, byte[] key, String... arguments) {
    byte[][] raw = new byte[arguments.length][];
    for (int i = 0; i < arguments.length; i++) {
      raw[i] = arguments[i].getBytes(UTF_8);
    }
    return Values.of(client.retry().call(() -> client.link().call(command, key, raw)));
  }
}
