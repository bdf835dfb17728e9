package dev.piecework.cli.queue;

import dev.piecework.Keep;
import dev.piecework.QueueSettings;
import dev.piecework.Setting;
import dev.piecework.StopEarly;
import dev.piecework.cli.results.LargeResults;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Values;
import dev.piecework.worker.process.ResultLimits;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** What is stored with a queue by the verb that creates it: an option for each setting. */
public final class SettingsOptions {

  /** What the command line creates a queue with: like the library, but results are kept. */
  public static final QueueSettings OURS = QueueSettings.DEFAULTS.withKeep(Keep.RESULTS);

  /** What is created with a command that is tried for the first time. */
  public static final QueueSettings OF_RUN = OURS.withStopEarly(StopEarly.auto());

  private final Map<Setting<?>, Object> values = new HashMap<>();

  private @Nullable Setting<?> twice;

  @Mixin
  @SuppressWarnings("unused") // picocli reads it
  private final CommandSpec options = CommandSpec.create();

  /** Whether large results are files of their own, so that Redis does not bound them. */
  public boolean largeResults;

  public SettingsOptions() {
    for (Setting<?> setting : Setting.changeable()) {
      SettingOption.add(options, setting, value -> take(setting, value));
    }
  }

  private void take(Setting<?> setting, @Nullable Object value) {
    if (value == null) {
      values.remove(setting);
      return;
    }
    Object given = value instanceof Values.Size size ? size.bytes() : value;
    if (values.put(setting, given) != null) {
      twice = setting; // by both of its names: picocli refuses the same one
    }
  }

  /**
   * As if {@code --stop-early} had been given.
   *
   * @return false if it was
   */
  public boolean stopEarly(StopEarly value) {
    return values.putIfAbsent(Setting.STOP_EARLY, value) == null;
  }

  /**
   * What was asked for.
   *
   * @throws Refusal of a setting that was given twice
   */
  public GivenSettings given() {
    if (twice != null) {
      throw Refusal.usage(
          "--"
              + twice.oldName().orElse("")
              + " is --"
              + twice
              + " by its old name: give one of them");
    }
    return new GivenSettings(values, largeResults);
  }

  /** What was asked for, on top of {@link #OURS}. */
  public QueueSettings wished() {
    return given().on(OURS);
  }

  /** Says once which of the options do not apply, since the queue has settings of its own. */
  public void sayWhatWasNotTaken(String queue, QueueSettings stored, Terminal terminal) {
    given().sayWhatWasNotTaken(queue, stored, terminal);
  }

  /**
   * How large results may be here. What is above what Redis holds is no setting of the queue, but
   * of the call that says so.
   *
   * @param large where results that are files of their own go, if they do
   */
  public ResultLimits resultLimits(QueueSettings stored, @Nullable LargeResults large) {
    int most = Math.max(1, stored.resultMax());
    if (large == null) {
      return ResultLimits.inMemory(most);
    }
    Long wished = given().value(Setting.RESULT_MAX);
    return new ResultLimits(
        wished != null && wished > QueueSettings.MOST_BYTES ? wished : most,
        most,
        large.folder(),
        large::cannotBeWritten);
  }
}
