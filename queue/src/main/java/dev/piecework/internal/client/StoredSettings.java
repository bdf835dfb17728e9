package dev.piecework.internal.client;

import dev.piecework.HumanDuration;
import dev.piecework.HumanSize;
import dev.piecework.Keep;
import dev.piecework.QueueSettings;
import dev.piecework.QueueUnusableException;
import dev.piecework.internal.redis.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The queue's settings as fields of its state: names as people write them, times in ms. */
public final class StoredSettings {

  private static final long DEFAULT_RESULTS_MAX = 1L << 30;

  /** The format of a queue's own record when the items are in partitions, which have format 1. */
  static final int PARTITIONED = 2;

  private StoredSettings() {}

  /** Fields and values, one after the other. */
  static List<Object> toFields(QueueSettings settings, Map<String, String> info) {
    List<Object> fields =
        new ArrayList<>(
            Arrays.<Object>asList(
                "attempts", settings.attempts(),
                "losses", settings.losses(),
                "backoff-min", settings.backoffMin().toMillis(),
                "backoff-max", settings.backoffMax().toMillis(),
                "lapse", settings.lapse().toMillis(),
                "producer-grace", settings.producerGrace().toMillis(),
                "keep", settings.keep().name().toLowerCase(Locale.ROOT),
                "results-max", resultsMax(settings.resultsMax(), info),
                "payload-max", settings.payloadMax(),
                "result-max", settings.resultMax(),
                "retention", settings.retention().toMillis()));
    if (settings.partitions() > 1) {
      fields.addAll(List.of("partitions", settings.partitions()));
    }
    return fields;
  }

  private static long resultsMax(long wanted, Map<String, String> info) {
    if (wanted > 0) {
      return wanted;
    }
    long server = Long.parseLong(info.getOrDefault("maxmemory", "0"));
    return server > 0 ? Math.min(DEFAULT_RESULTS_MAX, server / 4) : DEFAULT_RESULTS_MAX;
  }

  /** What a person means by this bound of stored results. */
  public static long resultsMax(String value, Map<String, String> info) {
    return resultsMax(bytes("results-max", value, Long.MAX_VALUE / 2), info);
  }

  /**
   * Reads them back.
   *
   * @throws QueueUnusableException when the queue's format is newer than this client
   */
  public static QueueSettings read(Values state, String queue) {
    return read(fields(state), queue);
  }

  /** What HGETALL answers, as a map. */
  static Map<String, String> fields(Values state) {
    Map<String, String> fields = new HashMap<>();
    for (int i = 0; i + 1 < state.size(); i += 2) {
      fields.put(state.text(i), state.text(i + 1));
    }
    return fields;
  }

  /** How often somebody has changed the settings. */
  static long changesIn(Values state) {
    return number(fields(state), "changes", 0);
  }

  /**
   * A queue may have the name of a partition.
   *
   * @throws QueueUnusableException when the state is not that of this partition
   */
  static void requireMark(Values state, Partition partition) {
    for (int i = 0; i + 1 < state.size() && !partition.isWhole(); i += 2) {
      if (state.text(i).equals("partition") && state.text(i + 1).equals(partition.mark())) {
        return;
      }
    }
    if (!partition.isWhole()) {
      throw new QueueUnusableException(
          "queue '"
              + partition.name()
              + "' is there already and is no partition of '"
              + partition.queue()
              + "'; fill a queue of another name");
    }
  }

  public static QueueSettings read(Map<String, String> fields, String queue) {
    String format = fields.get("format");
    if (format == null) {
      throw new QueueUnusableException(
          "the state of queue '" + queue + "' is not one that Piecework wrote");
    }
    if (Integer.parseInt(format) > PARTITIONED) {
      throw new QueueUnusableException(
          "queue '"
              + queue
              + "' has format "
              + format
              + ", this client knows formats up to "
              + PARTITIONED
              + "; use a newer Piecework");
    }
    QueueSettings defaults = QueueSettings.DEFAULTS;
    return new QueueSettings(
        (int) number(fields, "attempts", defaults.attempts()),
        (int) number(fields, "losses", defaults.losses()),
        millis(fields, "backoff-min", defaults.backoffMin()),
        millis(fields, "backoff-max", defaults.backoffMax()),
        millis(fields, "lapse", defaults.lapse()),
        millis(fields, "producer-grace", defaults.producerGrace()),
        Keep.valueOf(fields.getOrDefault("keep", "counts").toUpperCase(Locale.ROOT)),
        number(fields, "results-max", DEFAULT_RESULTS_MAX),
        (int) number(fields, "payload-max", defaults.payloadMax()),
        (int) number(fields, "result-max", defaults.resultMax()),
        millis(fields, "retention", defaults.retention()),
        (int) number(fields, "partitions", 1));
  }

  /**
   * Whether the settings stay although nobody is there and nothing is in the queue: it has held an
   * item, a person has set them, or it is the record of a queue in partitions, which knows neither.
   * The script {@code create} decides likewise.
   */
  public static boolean areKept(Map<String, String> fields) {
    return !Integer.toString(QueueClient.FORMAT).equals(fields.get("format"))
        || fields.containsKey("token")
        || fields.containsKey("changes")
        || number(fields, "entered", 0) > 0;
  }

  /**
   * Settings as a person gives them, as fields to store: of those that are named, and no others.
   *
   * @throws IllegalArgumentException saying what is wrong with which value
   */
  public static List<Object> changes(Map<String, String> wanted, Map<String, String> info) {
    List<Object> fields = new ArrayList<>();
    wanted.forEach((name, value) -> {
      QueueSettings one = change(name, value);
      List<Object> all = toFields(one, info);
      for (int i = 0; i < all.size(); i += 2) {
        String field = String.valueOf(all.get(i));
        if (field.equals(name) || field.equals(name + "-min") || field.equals(name + "-max")) {
          fields.add(field);
          fields.add(all.get(i + 1));
        }
      }
    });
    return fields;
  }

  // No setting depends on another; so the rest may be anything.
  private static QueueSettings change(String name, String value) {
    QueueSettings rest = QueueSettings.DEFAULTS;
    return switch (name) {
      case "attempts" -> rest.withAttempts((int) count(name, value, 1_000_000));
      case "losses" -> rest.withLosses((int) count(name, value, 1_000_000));
      case "backoff" -> withBackoff(rest, value);
      case "lapse" -> rest.withLapse(duration(name, value));
      case "producer-grace" -> rest.withProducerGrace(duration(name, value));
      case "keep" -> rest.withKeep(keep(value));
      case "results-max" -> rest.withResultsMax(bytes(name, value, Long.MAX_VALUE / 2));
      case "payload-max" -> rest.withPayloadMax((int) bytes(name, value, QueueSettings.MOST_BYTES));
      case "result-max" -> rest.withResultMax((int) bytes(name, value, QueueSettings.MOST_BYTES));
      case "retention" -> rest.withRetention(duration(name, value));
      case "partitions" ->
          throw new IllegalArgumentException(
              "partitions never change: fill a queue of another name");
      default ->
          throw new IllegalArgumentException(
              "no setting is named '"
                  + name
                  + "'; there are attempts, losses, backoff, lapse, producer-grace, keep,"
                  + " results-max, payload-max, result-max, retention");
    };
  }

  private static QueueSettings withBackoff(QueueSettings now, String value) {
    int dots = value.indexOf("..");
    Duration min = duration("backoff", dots < 0 ? value : value.substring(0, dots));
    Duration max = dots < 0 ? min : duration("backoff", value.substring(dots + 2));
    return now.withBackoff(min, max);
  }

  private static Duration duration(String name, String value) {
    try {
      return HumanDuration.parse(value);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(name + ": " + wrong.getMessage(), wrong);
    }
  }

  private static Keep keep(String value) {
    for (Keep keep : Keep.values()) {
      if (keep.name().equalsIgnoreCase(value)) {
        return keep;
      }
    }
    throw new IllegalArgumentException("keep is counts, results or history, not '" + value + "'");
  }

  private static long count(String name, String value, long max) {
    if (!value.matches("\\d{1,18}") || Long.parseLong(value) > max) {
      throw new IllegalArgumentException(
          name + " is a whole number up to " + max + ", not '" + value + "'");
    }
    return Long.parseLong(value);
  }

  private static long bytes(String name, String value, long max) {
    long size;
    try {
      size = HumanSize.parse(value);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(name + ": " + wrong.getMessage(), wrong);
    }
    if (size > max) {
      throw new IllegalArgumentException(
          name + " is at most " + HumanSize.format(max) + ", not '" + value + "'");
    }
    return size;
  }

  private static long number(Map<String, String> fields, String name, long otherwise) {
    @Nullable String text = fields.get(name);
    return text == null ? otherwise : Long.parseLong(text);
  }

  private static Duration millis(Map<String, String> fields, String name, Duration otherwise) {
    return Duration.ofMillis(number(fields, name, otherwise.toMillis()));
  }
}
