package dev.piecework.cli.verb;

import dev.piecework.HumanDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Options that were parsed, written down again. */
public final class OptionWords {

  private final List<String> words = new ArrayList<>();

  /** An option with a value; nothing where that is null. */
  public void add(String name, @Nullable Object value) {
    if (value != null) {
      words.add(name);
      words.add(value instanceof Duration time ? HumanDuration.format(time) : value.toString());
    }
  }

  /** An option without a value. */
  public void flag(String name, boolean given) {
    if (given) {
      words.add(name);
    }
  }

  public List<String> list() {
    return List.copyOf(words);
  }
}
