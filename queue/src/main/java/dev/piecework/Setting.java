package dev.piecework;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One setting that is stored with a queue. The constants are the table of all settings: what is
 * stored and read, what {@code piecework set} takes, the options of the verbs that create a queue,
 * what {@code status} shows and {@code docs/settings.md} go over it. A new setting is a row here,
 * and an accessor in {@link QueueSettings}.
 *
 * @param <T> the type of its values
 */
public final class Setting<T> {

  public static final Setting<Integer> ATTEMPTS =
      row("attempts", new SettingKind.Count(1, Integer.MAX_VALUE), 3)
          .shown("N", "Failed attempts before an item is dead (3).")
          .inStatus();

  public static final Setting<Integer> LOSSES =
      row("losses", new SettingKind.Count(1, Integer.MAX_VALUE), 5)
          .shown("N", "Workers an item may kill before it is dead (5).")
          .inStatus();

  public static final Setting<QueueSettings.Backoff> BACKOFF =
      row(
              "backoff",
              new SettingKind.Pauses(),
              new QueueSettings.Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1)))
          .shown("1s..1m", "Pause after a failed attempt; doubles, with jitter.")
          .inStatus();

  public static final Setting<Duration> LEASE_TIMEOUT =
      row("lease-timeout", new SettingKind.Time(Duration.ofMillis(30)), Duration.ofSeconds(15))
          .formerly("lapse")
          .shown("15s", "A worker not heard for so long has lost its items.")
          .inStatus();

  public static final Setting<Duration> PRODUCER_GRACE =
      row("producer-grace", new SettingKind.Time(Duration.ZERO), Duration.ofMinutes(5))
          .shown("5m", "How long a silent producer may take to come back.")
          .inStatus();

  public static final Setting<Keep> KEEP =
      row("keep", new SettingKind.Choice<>(Keep.class), Keep.COUNTS)
          .shown("counts|results|history", "What is kept of done items (results).")
          .inStatus();

  public static final Setting<Long> RESULTS_MAX =
      row("results-max", new SettingKind.Size(0, Long.MAX_VALUE), 0L)
          .shown("SIZE", "Stored results beyond which workers wait (1 GiB or 1/4 maxmemory).");

  public static final Setting<Long> PAYLOAD_MAX =
      row("payload-max", new SettingKind.Size(1, QueueSettings.MOST_BYTES), 1L << 20)
          .shown("SIZE", "The largest payload (1 MiB).");

  public static final Setting<Long> RESULT_MAX =
      row("result-max", new SettingKind.Size(0, QueueSettings.MOST_BYTES), 1L << 20)
          .shown(
              "SIZE",
              "The largest result (1 MiB); at most 512m, what Redis holds, but for run --results"
                  + " FILE.");

  public static final Setting<Duration> RETENTION =
      row("retention", new SettingKind.Time(Duration.ZERO), Duration.ofDays(7))
          .shown("7d", "How long results are kept after drained; 0s for ever.");

  public static final Setting<Boolean> BACKUP =
      row("backup", new SettingKind.Switch(), false)
          .shown("on|off", "Idle workers start slow last items again: each may run twice (off).")
          .inStatus();

  public static final Setting<StopEarly> STOP_EARLY =
      row("stop-early", new SettingKind.Stop(), StopEarly.off())
          .shown(
              "auto|off|N|P%",
              "Pause when everything fails for one cause (auto), or more than N items, or P% of"
                  + " all, are dead (off; run and kube submit: auto).")
          .inStatus();

  /** Said when the queue is created; stored and shown only if there are several. */
  public static final Setting<Integer> PARTITIONS =
      row("partitions", new SettingKind.Count(1, QueueSettings.MOST_PARTITIONS), 1)
          .shown(
              "P",
              "Make the queue in P parts, for the masters of a Redis Cluster to share (1). Never"
                  + " changes.")
          .inStatus()
          .fixed();

  private static final List<Setting<?>> ALL =
      List.of(
          ATTEMPTS,
          LOSSES,
          BACKOFF,
          LEASE_TIMEOUT,
          PRODUCER_GRACE,
          KEEP,
          RESULTS_MAX,
          PAYLOAD_MAX,
          RESULT_MAX,
          RETENTION,
          BACKUP,
          STOP_EARLY,
          PARTITIONS);

  private final String name;
  private final SettingKind<T> kind;
  private final T defaultValue;
  private final Words words;

  /** What people are shown of it, and may do with it. */
  private record Words(
      @Nullable String oldName,
      String valueLabel,
      String description,
      boolean inStatus,
      boolean changeable) {}

  private Setting(String name, SettingKind<T> kind, T defaultValue, Words words) {
    this.name = name;
    this.kind = kind;
    this.defaultValue = defaultValue;
    this.words = words;
  }

  private static <T> Setting<T> row(String name, SettingKind<T> kind, T defaultValue) {
    return new Setting<>(name, kind, defaultValue, new Words(null, "", "", false, true));
  }

  private Setting<T> shown(String valueLabel, String description) {
    return with(
        new Words(words.oldName, valueLabel, description, words.inStatus, words.changeable));
  }

  /** The name that it was given first: people may still use it, and it is stored under it. */
  private Setting<T> formerly(String oldName) {
    return with(
        new Words(oldName, words.valueLabel, words.description, words.inStatus, words.changeable));
  }

  private Setting<T> inStatus() {
    return with(
        new Words(words.oldName, words.valueLabel, words.description, true, words.changeable));
  }

  private Setting<T> fixed() {
    return with(
        new Words(words.oldName, words.valueLabel, words.description, words.inStatus, false));
  }

  private Setting<T> with(Words newWords) {
    return new Setting<>(name, kind, defaultValue, newWords);
  }

  /** All settings, in the order in which they are stored and shown. */
  public static List<Setting<?>> all() {
    return ALL;
  }

  /** Those that a person may change while the queue is there: all but {@link #PARTITIONS}. */
  public static List<Setting<?>> changeable() {
    return ALL.stream().filter(Setting::isChangeable).toList();
  }

  /**
   * A setting that may be changed, by its name or the name that it once had.
   *
   * @throws IllegalArgumentException when there is none, naming those that there are
   */
  public static Setting<?> changeable(String name) {
    for (Setting<?> setting : ALL) {
      if (setting.name.equals(name) || name.equals(setting.words.oldName)) {
        if (!setting.isChangeable()) {
          throw new IllegalArgumentException(name + " never change: fill a queue of another name");
        }
        return setting;
      }
    }
    throw new IllegalArgumentException(
        "no setting is named '"
            + name
            + "'; there are "
            + String.join(", ", changeable().stream().map(Setting::name).toList()));
  }

  /** As {@code piecework set} takes it, and as an option after {@code --}. */
  public String name() {
    return name;
  }

  /** The name that it once had, which is taken wherever {@link #name} is. */
  public Optional<String> oldName() {
    return Optional.ofNullable(words.oldName);
  }

  /**
   * {@code Integer}, {@code Long} (bytes), {@code Duration}, {@code Boolean}, an enum, or a
   * back-off.
   */
  public Class<T> type() {
    return kind.type();
  }

  /** What a queue has that nobody said anything about. */
  public T defaultValue() {
    return defaultValue;
  }

  /** What stands for its value in the help of an option. */
  public String valueLabel() {
    return words.valueLabel;
  }

  /** What it means, in one sentence of the help. */
  public String description() {
    return words.description;
  }

  /** Whether the line of settings that people are shown has it; programs are shown all. */
  public boolean isInStatus() {
    return words.inStatus;
  }

  public boolean isChangeable() {
    return words.changeable;
  }

  /**
   * Reads a value as a person writes it, and holds it to its bounds.
   *
   * @throws IllegalArgumentException saying what is wrong with which value
   */
  public T parse(String text) {
    return checked(kind.parse(name, text));
  }

  /** Writes a value so that {@link #parse} reads it back; sizes in bytes. */
  public String format(T value) {
    return kind.format(value);
  }

  /**
   * Holds a value to its bounds.
   *
   * @throws IllegalArgumentException naming the setting, the bound and the value
   */
  T checked(T value) {
    kind.check(name, value);
    return value;
  }

  /** The fields of the queue's state in Redis that hold it. */
  public List<String> fields() {
    return kind.fields(words.oldName == null ? name : words.oldName);
  }

  /** What is stored for a value, a part for each of {@link #fields}; times in milliseconds. */
  public List<Object> stored(T value) {
    return kind.stored(value);
  }

  /** Its value in the fields of a queue's state; none where any of its fields is missing. */
  public Optional<T> read(Map<String, String> state) {
    List<String> fields = fields();
    return state.keySet().containsAll(fields)
        ? Optional.of(kind.read(fields.stream().map(state::get).toList()))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return name;
  }
}
