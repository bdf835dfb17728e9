package dev.piecework.job.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object of the manifest under its path; asked for what {@link Schema} has found well typed. */
record View(Yaml.Mapping mapping, String path, List<Problem> problems) {

  boolean has(String field) {
    Yaml value = mapping.fields().get(field);
    return value != null && !(value instanceof Yaml.Scalar scalar && scalar.value() == null);
  }

  /** The object of that name; an empty one when there is none. */
  View object(String field) {
    Yaml value = mapping.fields().get(field);
    return new View(value instanceof Yaml.Mapping m ? m : empty(field), path(field), problems);
  }

  List<View> objects(String field) {
    List<View> all = new ArrayList<>();
    if (mapping.fields().get(field) instanceof Yaml.Sequence sequence) {
      for (int i = 0; i < sequence.items().size(); i++) {
        if (sequence.items().get(i) instanceof Yaml.Mapping m) {
          all.add(new View(m, path(field) + "[" + i + "]", problems));
        }
      }
    }
    return all;
  }

  @Nullable String text(String field) {
    return plain(field) instanceof String s ? s : null;
  }

  String text(String field, String otherwise) {
    String text = text(field);
    return text == null ? otherwise : text;
  }

  /** A string or a number as it was written, which a quantity may be. */
  @Nullable String scalar(String field) {
    Object plain = plain(field);
    return plain instanceof String || plain instanceof Number ? plain.toString() : null;
  }

  @Nullable Integer integer(String field) {
    Long number = number(field);
    return number == null ? null : (Integer) number.intValue();
  }

  @Nullable Long number(String field) {
    return Yaml.integer(plain(field));
  }

  boolean flag(String field) {
    return plain(field) instanceof Boolean b && b;
  }

  List<String> texts(String field) {
    List<String> all = new ArrayList<>();
    if (mapping.fields().get(field) instanceof Yaml.Sequence sequence) {
      sequence.items().forEach(item -> all.add(String.valueOf(item.plain())));
    }
    return all;
  }

  List<Integer> integers(String field) {
    List<Integer> all = new ArrayList<>();
    if (mapping.fields().get(field) instanceof Yaml.Sequence sequence) {
      sequence
          .items()
          .forEach(item -> {
            Long number = Yaml.integer(item.plain());
            if (number != null) {
              all.add(number.intValue());
            }
          });
    }
    return all;
  }

  Map<String, String> map(String field) {
    Map<String, String> all = new LinkedHashMap<>();
    if (mapping.fields().get(field) instanceof Yaml.Mapping m) {
      m.fields().forEach((name, value) -> all.put(name, String.valueOf(value.plain())));
    }
    return all;
  }

  /** The field is not as it has to be. */
  void problem(String field, String message) {
    String name = field.replaceFirst("\\[.*", "");
    problems.add(new Problem(mapping.lineOf(name), field.isEmpty() ? path : path(field), message));
  }

  void required(String field, String detail) {
    problem(field, "Required value" + (detail.isEmpty() ? "" : ": " + detail));
  }

  void invalid(String field, String detail) {
    Yaml value = mapping.fields().get(field);
    String shown =
        value instanceof Yaml.Scalar scalar ? scalar.kind() : String.valueOf(plain(field));
    problem(field, "Invalid value: " + shown + ": " + detail);
  }

  void unsupported(String field, List<String> supported) {
    problem(
        field,
        "Unsupported value: \"%s\": supported values: \"%s\""
            .formatted(plain(field), String.join("\", \"", supported)));
  }

  private String path(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  private @Nullable Object plain(String field) {
    Yaml value = mapping.fields().get(field);
    return value == null ? null : value.plain();
  }

  private Yaml.Mapping empty(String field) {
    return new Yaml.Mapping(mapping.lineOf(field), Map.of(), Map.of());
  }
}
