package dev.piecework.internal.client;

import dev.piecework.QueueSettings;
import dev.piecework.QueueUnusableException;
import dev.piecework.Setting;
import dev.piecework.internal.redis.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The queue's settings as fields of its state: names as people write them, times in ms. */
public final class StoredSettings {

  private static final long DEFAULT_RESULTS_MAX = 1L << 30;

  /** The format of a queue's own record when the items are in partitions, which have format 1. */
  static final int PARTITIONED = 2;

  /**
   * The format of a queue that makes backup attempts, so that a client which does not know of two
   * holders of an item leaves it alone: it would put back what one of them has lost.
   */
  static final int BACKED_UP = 3;

  private StoredSettings() {}

  static int format(QueueSettings settings) {
    return settings.partitions() > 1
        ? PARTITIONED
        : settings.backup() ? BACKED_UP : QueueClient.FORMAT;
  }

  /** Fields and values, one after the other. */
  static List<Object> toFields(QueueSettings settings, Map<String, String> info) {
    List<Object> fields = new ArrayList<>();
    settings.listed().forEach(setting -> add(fields, setting, settings, info));
    return fields;
  }

  private static <T> void add(
      List<Object> fields, Setting<T> setting, QueueSettings settings, Map<String, String> info) {
    List<String> names = setting.fields();
    List<Object> values =
        setting == Setting.RESULTS_MAX
            ? List.of(resultsMax(settings.resultsMax(), info))
            : setting.stored(settings.get(setting));
    for (int i = 0; i < names.size(); i++) {
      fields.add(names.get(i));
      fields.add(values.get(i));
    }
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
    return resultsMax(Setting.RESULTS_MAX.parse(value), info);
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
    if (Integer.parseInt(format) > BACKED_UP) {
      throw new QueueUnusableException(
          "queue '"
              + queue
              + "' has format "
              + format
              + ", this client knows formats up to "
              + BACKED_UP
              + "; use a newer Piecework");
    }
    QueueSettings settings = QueueSettings.DEFAULTS.withResultsMax(DEFAULT_RESULTS_MAX);
    for (Setting<?> setting : Setting.all()) {
      settings = withStored(settings, setting, fields);
    }
    return settings;
  }

  private static <T> QueueSettings withStored(
      QueueSettings settings, Setting<T> setting, Map<String, String> fields) {
    return setting.read(fields).map(value -> settings.with(setting, value)).orElse(settings);
  }

  /**
   * Whether the settings stay although nobody is there and nothing is in the queue: it has held an
   * item, a person has set them, or it is the record of a queue in partitions, which knows neither.
   * The script {@code create} decides likewise.
   */
  public static boolean areKept(Map<String, String> fields) {
    return Integer.toString(PARTITIONED).equals(fields.get("format"))
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
    Map<Setting<?>, QueueSettings> changes = new LinkedHashMap<>();
    wanted.forEach((name, value) -> {
      Setting<?> setting = Setting.changeable(name);
      // No setting depends on another; so the rest may be anything.
      if (changes.put(setting, parsed(setting, value)) != null) {
        throw new IllegalArgumentException(setting + " is given twice");
      }
    });
    List<Object> fields = new ArrayList<>();
    changes.forEach((setting, settings) -> add(fields, setting, settings, info));
    return fields;
  }

  private static <T> QueueSettings parsed(Setting<T> setting, String value) {
    return QueueSettings.DEFAULTS.with(setting, setting.parse(value));
  }

  private static long number(Map<String, String> fields, String name, long otherwise) {
    @Nullable String text = fields.get(name);
    return text == null ? otherwise : Long.parseLong(text);
  }
}
