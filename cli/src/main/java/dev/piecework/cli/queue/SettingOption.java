package dev.piecework.cli.queue;

import dev.piecework.Setting;
import dev.piecework.cli.verb.Values;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/** The options by which verbs take settings, made from the rows of their table. */
final class SettingOption {

  private SettingOption() {}

  /**
   * Adds {@code --NAME}, and what it was once called, of which the help says nothing.
   *
   * @param taken is told what was given, sizes as {@link Values.Size}; null before each parsing
   */
  static void add(CommandSpec to, Setting<?> setting, Consumer<@Nullable Object> taken) {
    to.addOption(builder(setting, setting.name(), taken).build());
    setting
        .oldName()
        .ifPresent(name -> to.addOption(builder(setting, name, taken).hidden(true).build()));
  }

  private static OptionSpec.Builder builder(
      Setting<?> setting, String name, Consumer<@Nullable Object> taken) {
    return OptionSpec.builder("--" + name)
        .arity(setting.type() == Boolean.class ? "0" : "1")
        .paramLabel(setting.valueLabel())
        .description(setting.description().replace("%", "%%")) // picocli formats it
        .type(setting.type() == Long.class ? Values.Size.class : setting.type())
        .setter(new Setter(taken));
  }

  private record Setter(Consumer<@Nullable Object> taken) implements ISetter {
    @Override
    public <T> T set(T value) {
      taken.accept(value);
      return value;
    }
  }
}
