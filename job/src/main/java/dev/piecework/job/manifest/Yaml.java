package dev.piecework.job.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A piece of a YAML or JSON document that knows its line. */
sealed interface Yaml {
  int line();

  /** As plain maps, lists, strings, numbers and truth values. */
  @Nullable Object plain();

  /** What a person calls it. */
  String kind();

  /** A whole number, also one that is written {@code 3.0} or {@code 1e3}; null for another. */
  static @Nullable Long integer(@Nullable Object plain) {
    return switch (plain) {
      case Long n -> n;
      case Double d when d == Math.rint(d) && Math.abs(d) < 1L << 53 -> (Long) d.longValue();
      case null, default -> null;
    };
  }

  /** An object; {@code keyLines} says where each key stands. */
  record Mapping(int line, Map<String, Yaml> fields, Map<String, Integer> keyLines)
      implements Yaml {
    static final Mapping EMPTY = new Mapping(0, Map.of(), Map.of());

    @Override
    public Map<String, @Nullable Object> plain() {
      Map<String, @Nullable Object> plain = new LinkedHashMap<>();
      fields.forEach((name, value) -> plain.put(name, value.plain()));
      return plain;
    }

    @Override
    public String kind() {
      return "an object";
    }

    int lineOf(String field) {
      return keyLines.getOrDefault(field, line);
    }
  }

  record Sequence(int line, List<Yaml> items) implements Yaml {
    @Override
    public List<@Nullable Object> plain() {
      List<@Nullable Object> plain = new ArrayList<>();
      items.forEach(item -> plain.add(item.plain()));
      return plain;
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /** A string, Long, Double, Boolean or null. */
  record Scalar(int line, @Nullable Object value) implements Yaml {
    @Override
    public @Nullable Object plain() {
      return value;
    }

    @Override
    public String kind() {
      return switch (value) {
        case null -> "null";
        case String s -> "\"" + s + "\"";
        case Object o -> o.toString();
      };
    }
  }
}
