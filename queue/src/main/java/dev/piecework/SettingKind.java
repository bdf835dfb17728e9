package dev.piecework;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A type of settings: how its values are written by people, bounded, and stored.
 *
 * @param <T> the type of the values
 */
sealed interface SettingKind<T> {

  Class<T> type();

  /**
   * Reads what a person wrote.
   *
   * @throws IllegalArgumentException saying what is wrong with which value of the setting
   */
  T parse(String name, String text);

  /** Writes a value so that {@link #parse} reads it back. */
  String format(T value);

  /**
   * Holds a value to its bounds.
   *
   * @throws IllegalArgumentException naming the setting, the bound and the value
   */
  void check(String name, T value);

  /** The fields of the queue's state that hold a value; almost always one. */
  default List<String> fields(String field) {
    return List.of(field);
  }

  /** What is stored, a part for each field: times in ms, sizes in bytes. */
  List<Object> stored(T value);

  /** What was stored, read back. */
  T read(List<String> stored);

  private static void require(boolean holds, String name, Object value, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(name + " " + rule + ", not " + value);
    }
  }

  private static <T> T named(String name, Supplier<T> parse) {
    try {
      return parse.get();
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(name + ": " + wrong.getMessage(), wrong);
    }
  }

  /** A whole number. */
  record Count(int least, int most) implements SettingKind<Integer> {

    /** Of what people write: more is a slip. */
    private static final int MOST_WRITTEN = 1_000_000;

    @Override
    public Class<Integer> type() {
      return Integer.class;
    }

    @Override
    public Integer parse(String name, String text) {
      if (!text.matches("\\d{1,18}") || Long.parseLong(text) > MOST_WRITTEN) {
        throw new IllegalArgumentException(
            name + " is a whole number up to " + MOST_WRITTEN + ", not '" + text + "'");
      }
      return Integer.valueOf(text);
    }

    @Override
    public String format(Integer value) {
      return value.toString();
    }

    @Override
    public void check(String name, Integer value) {
      require(
          value >= least && value <= most,
          name,
          value,
          most == Integer.MAX_VALUE
              ? "is at least " + least
              : "is a number from " + least + " to " + most);
    }

    @Override
    public List<Object> stored(Integer value) {
      return List.of(value);
    }

    @Override
    public Integer read(List<String> stored) {
      return (int) Long.parseLong(stored.getFirst());
    }
  }

  /** A number of bytes. */
  record Size(long least, long most) implements SettingKind<Long> {

    /** Of what people write: more is a slip. */
    private static final long MOST_WRITTEN = Long.MAX_VALUE / 2;

    @Override
    public Class<Long> type() {
      return Long.class;
    }

    @Override
    public Long parse(String name, String text) {
      long size = named(name, () -> HumanSize.parse(text));
      long written = Math.min(most, MOST_WRITTEN);
      require(size <= written, name, "'" + text + "'", atMost(written));
      return size;
    }

    /** Exact, and as programs read it. */
    @Override
    public String format(Long value) {
      return value.toString();
    }

    @Override
    public void check(String name, Long value) {
      String shown = HumanSize.format(value);
      require(value >= least, name, shown, least == 0 ? "is not negative" : "is at least " + least);
      require(value <= most, name, shown, atMost(most));
    }

    private static String atMost(long bytes) {
      return "is at most " + HumanSize.format(bytes);
    }

    @Override
    public List<Object> stored(Long value) {
      return List.of(value);
    }

    @Override
    public Long read(List<String> stored) {
      return Long.valueOf(stored.getFirst());
    }
  }

  /** A duration, to the millisecond. */
  record Time(Duration least) implements SettingKind<Duration> {

    @Override
    public Class<Duration> type() {
      return Duration.class;
    }

    @Override
    public Duration parse(String name, String text) {
      return named(name, () -> HumanDuration.parse(text));
    }

    @Override
    public String format(Duration value) {
      return HumanDuration.format(value);
    }

    @Override
    public void check(String name, Duration value) {
      require(
          value.compareTo(least) >= 0,
          name,
          HumanDuration.format(value),
          least.isZero() ? "is not negative" : "is at least " + least.toMillis() + " ms");
      requireCountable(name, value);
    }

    // Scripts count in milliseconds.
    private static void requireCountable(String name, Duration value) {
      require(
          value.compareTo(HumanDuration.LONGEST) <= 0,
          name,
          HumanDuration.format(value),
          "is at most " + HumanDuration.format(HumanDuration.LONGEST));
    }

    @Override
    public List<Object> stored(Duration value) {
      return List.of(value.toMillis());
    }

    @Override
    public Duration read(List<String> stored) {
      return Duration.ofMillis(Long.parseLong(stored.getFirst()));
    }
  }

  /** The shortest and the longest back-off, in a field each. */
  record Pauses() implements SettingKind<QueueSettings.Backoff> {

    @Override
    public Class<QueueSettings.Backoff> type() {
      return QueueSettings.Backoff.class;
    }

    @Override
    public QueueSettings.Backoff parse(String name, String text) {
      return named(name, () -> QueueSettings.Backoff.parse(text));
    }

    @Override
    public String format(QueueSettings.Backoff value) {
      return value.toString();
    }

    @Override
    public void check(String name, QueueSettings.Backoff value) {
      Duration min = value.min();
      Duration max = value.max();
      require(!min.isNegative(), name, HumanDuration.format(min), "is not negative");
      require(
          max.compareTo(min) >= 0, name, HumanDuration.format(max), "ends at or above its start");
      Time.requireCountable(name, max);
    }

    @Override
    public List<String> fields(String field) {
      return List.of(field + "-min", field + "-max");
    }

    @Override
    public List<Object> stored(QueueSettings.Backoff value) {
      return List.of(value.min().toMillis(), value.max().toMillis());
    }

    @Override
    public QueueSettings.Backoff read(List<String> stored) {
      return new QueueSettings.Backoff(
          Duration.ofMillis(Long.parseLong(stored.getFirst())),
          Duration.ofMillis(Long.parseLong(stored.getLast())));
    }
  }

  /** On or off; the option that turns it on takes no value. */
  record Switch() implements SettingKind<Boolean> {

    @Override
    public Class<Boolean> type() {
      return Boolean.class;
    }

    @Override
    public Boolean parse(String name, String text) {
      return switch (text) {
        case "on" -> true;
        case "off" -> false;
        default -> throw new IllegalArgumentException(name + " is on or off, not '" + text + "'");
      };
    }

    @Override
    public String format(Boolean value) {
      return value ? "on" : "off";
    }

    @Override
    public void check(String name, Boolean value) {}

    @Override
    public List<Object> stored(Boolean value) {
      return List.of(format(value));
    }

    @Override
    public Boolean read(List<String> stored) {
      return stored.getFirst().equals("on");
    }
  }

  /** When a run is stopped. */
  record Stop() implements SettingKind<StopEarly> {

    @Override
    public Class<StopEarly> type() {
      return StopEarly.class;
    }

    @Override
    public StopEarly parse(String name, String text) {
      return named(name, () -> StopEarly.parse(text));
    }

    @Override
    public String format(StopEarly value) {
      return value.text();
    }

    @Override
    public void check(String name, StopEarly value) {}

    @Override
    public List<Object> stored(StopEarly value) {
      return List.of(value.text());
    }

    @Override
    public StopEarly read(List<String> stored) {
      return StopEarly.parse(stored.getFirst());
    }
  }

  /** One of a few words: the constants of an enum, in small letters. */
  record Choice<E extends Enum<E>>(Class<E> type) implements SettingKind<E> {

    @Override
    public E parse(String name, String text) {
      for (E one : type.getEnumConstants()) {
        if (one.name().equalsIgnoreCase(text)) {
          return one;
        }
      }
      List<String> words = Arrays.stream(type.getEnumConstants()).map(this::format).toList();
      throw new IllegalArgumentException(
          name
              + " is "
              + words.stream().limit(words.size() - 1L).collect(Collectors.joining(", "))
              + " or "
              + words.getLast()
              + ", not '"
              + text
              + "'");
    }

    @Override
    public String format(E value) {
      return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void check(String name, E value) {}

    @Override
    public List<Object> stored(E value) {
      return List.of(format(value));
    }

    @Override
    public E read(List<String> stored) {
      return Enum.valueOf(type, stored.getFirst().toUpperCase(Locale.ROOT));
    }
  }
}
