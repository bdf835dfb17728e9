package dev.piecework;

import dev.piecework.redis.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The queue's settings as fields of its state: names as people write them, times in ms. */
final class StoredSettings {

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

  /**
   * Reads them back.
   *
   * @throws QueueUnusableException when the queue's format is newer than this client
   */
  static QueueSettings read(Reply state, String queue) {
    Map<String, String> fields = new HashMap<>();
    for (int i = 0; i + 1 < state.size(); i += 2) {
      fields.put(state.text(i), state.text(i + 1));
    }
    return read(fields, queue);
  }

  /**
   * A queue may have the name of a partition.
   *
   * @throws QueueUnusableException when the state is not that of this partition
   */
  static void requireMark(Reply state, Partition partition) {
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

  static QueueSettings read(Map<String, String> fields, String queue) {
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
   * One setting as a person gives it, as fields to store; checked against the others.
   *
   * @throws IllegalArgumentException saying what is wrong with which value
   */
  static List<Object> change(QueueSettings now, String name, String value) {
    QueueSettings changed =
        switch (name) {
          case "attempts" -> now.withAttempts((int) count(name, value, 1_000_000));
          case "losses" -> now.withLosses((int) count(name, value, 1_000_000));
          case "backoff" -> withBackoff(now, value);
          case "lapse" -> now.withLapse(HumanDuration.parse(value));
          case "producer-grace" -> now.withProducerGrace(HumanDuration.parse(value));
          case "keep" -> now.withKeep(keep(value));
          case "results-max" -> now.withResultsMax(bytes(name, value, Long.MAX_VALUE / 2));
          case "payload-max" -> now.withPayloadMax((int) bytes(name, value, 512 << 20));
          case "result-max" -> now.withResultMax((int) bytes(name, value, 512 << 20));
          case "retention" -> now.withRetention(HumanDuration.parse(value));
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
    return toFields(changed, Map.of());
  }

  private static QueueSettings withBackoff(QueueSettings now, String value) {
    int dots = value.indexOf("..");
    Duration min = HumanDuration.parse(dots < 0 ? value : value.substring(0, dots));
    Duration max = dots < 0 ? min : HumanDuration.parse(value.substring(dots + 2));
    return now.withBackoff(min, max);
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
    String lower = value.toLowerCase(Locale.ROOT).replaceFirst("i?b$", "");
    int shift = lower.endsWith("k") ? 10 : lower.endsWith("m") ? 20 : lower.endsWith("g") ? 30 : 0;
    String digits = shift == 0 ? lower : lower.substring(0, lower.length() - 1);
    if (!digits.matches("\\d{1,12}") || Long.parseLong(digits) > max >> shift) {
      throw new IllegalArgumentException(
          name + " is a number of bytes such as 65536, 64k, 10m or 1g, not '" + value + "'");
    }
    return Long.parseLong(digits) << shift;
  }

  private static long number(Map<String, String> fields, String name, long otherwise) {
    @Nullable String text = fields.get(name);
    return text == null ? otherwise : Long.parseLong(text);
  }

  private static Duration millis(Map<String, String> fields, String name, Duration otherwise) {
    return Duration.ofMillis(number(fields, name, otherwise.toMillis()));
  }
}
