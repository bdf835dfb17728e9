package dev.piecework.cli.queue;

import dev.piecework.QueueSettings;
import dev.piecework.Setting;
import dev.piecework.cli.verb.OptionWords;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings that the options of a verb asked for, and no others.
 *
 * @param values as they were given, not yet held to their bounds
 * @param largeResults whether large results are files of their own, so that Redis does not bound
 *     them
 */
public record GivenSettings(Map<Setting<?>, Object> values, boolean largeResults) {

  public GivenSettings {
    values = Map.copyOf(values);
  }

  <T> @Nullable T value(Setting<T> setting) {
    Object value = values.get(setting);
    return value == null ? null : setting.type().cast(value);
  }

  /**
   * What was asked for, on top of these.
   *
   * @throws Refusal of a value that no queue takes
   */
  public QueueSettings on(QueueSettings base) {
    QueueSettings made = base;
    try {
      for (Setting<?> setting : Setting.changeable()) {
        made = with(made, setting);
      }
      return made;
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage(String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private <T> QueueSettings with(QueueSettings base, Setting<T> setting) {
    T value = value(setting);
    if (value == null) {
      return base;
    }
    return isResultOverRedis(setting) ? withLargeResults(base) : base.with(setting, value);
  }

  private boolean isResultOverRedis(Setting<?> setting) {
    Long bytes = value(Setting.RESULT_MAX);
    return setting == Setting.RESULT_MAX && bytes != null && bytes > QueueSettings.MOST_BYTES;
  }

  private QueueSettings withLargeResults(QueueSettings base) {
    if (largeResults) {
      return base.withResultMax(QueueSettings.MOST_BYTES);
    }
    try {
      Long bytes = value(Setting.RESULT_MAX);
      return bytes == null ? base : base.with(Setting.RESULT_MAX, bytes);
    } catch (IllegalArgumentException tooMuch) {
      throw new IllegalArgumentException(
          tooMuch.getMessage()
              + ": Redis holds no more in one value; run --results FILE without --child"
              + " makes a file of each that is larger",
          tooMuch);
    }
  }

  /** The options again, as words for another {@code piecework}. */
  public List<String> optionWords() {
    OptionWords written = new OptionWords();
    Setting.changeable().forEach(setting -> write(written, setting));
    return written.list();
  }

  private <T> void write(OptionWords written, Setting<T> setting) {
    T value = value(setting);
    if (value instanceof Boolean on) {
      written.flag("--" + setting, on);
      return;
    }
    written.add("--" + setting, value == null ? null : setting.format(value));
  }

  /**
   * Words of another {@code piecework}, perhaps of an older version, with the options of settings
   * by their present names: for comparing. What comes after {@code --} is not ours.
   */
  public static List<String> byPresentNames(List<String> words) {
    List<String> present = new ArrayList<>(words);
    int end = words.indexOf("--");
    for (Setting<?> setting : Setting.changeable()) {
      setting
          .oldName()
          .ifPresent(old ->
              Collections.replaceAll(
                  end < 0 ? present : present.subList(0, end), "--" + old, "--" + setting));
    }
    return present;
  }

  /** The settings asked for that the queue, which was there before, does not have; for people. */
  private List<String> notTaken(QueueSettings stored) {
    QueueSettings wished = on(stored);
    List<String> differ = new ArrayList<>();
    for (Setting<?> setting : Setting.changeable()) {
      if (!wished.get(setting).equals(stored.get(setting))
          && !(largeResults && isResultOverRedis(setting))) {
        differ.add(setting + " is " + stored.text(setting) + ", not " + wished.text(setting));
      }
    }
    return differ;
  }

  /** Says once which of the options do not apply, since the queue has settings of its own. */
  public void sayWhatWasNotTaken(String queue, QueueSettings stored, Terminal terminal) {
    List<String> differ = notTaken(stored);
    if (!differ.isEmpty()) {
      terminal.say(
          "queue '"
              + queue
              + "' keeps its own settings: "
              + String.join(", ", differ)
              + " (change them with: piecework set "
              + queue
              + " NAME=VALUE)");
    }
  }
}
