package dev.piecework.job.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Holds a document against the fields and types of a Kubernetes class.
 *
 * <p>The classes of the Kubernetes model are only looked at, never filled: binding them costs a
 * second, and would not know the lines.
 */
final class Schema {
  /** What may be of several types, or is a record of who changed which fields. */
  private static final Set<Class<?>> ANYTHING =
      Set.of(Object.class, Quantity.class, IntOrString.class, FieldsV1.class);

  private final List<Problem> problems;
  private final Set<String> meant;

  /**
   * @param meant gets the paths of the fields that misspelt ones were meant to be
   */
  Schema(List<Problem> problems, Set<String> meant) {
    this.problems = problems;
    this.meant = meant;
  }

  /** Adds a problem for each field that is unknown or of a wrong type. */
  void check(Yaml.Mapping document, Class<?> type) {
    object(document, type, "");
  }

  private void object(Yaml.Mapping mapping, Class<?> type, String path) {
    Map<String, Type> known = fields(type);
    mapping
        .fields()
        .forEach((name, value) -> {
          String child = path.isEmpty() ? name : path + "." + name;
          Type wanted = known.get(name);
          int line = mapping.lineOf(name);
          if (wanted != null) {
            value(value, wanted, child, line);
          } else {
            Optional<String> right = Spelling.nearest(name, known.keySet());
            right.ifPresent(field -> meant.add(path.isEmpty() ? field : path + "." + field));
            String near = right.map(field -> "; did you mean \"" + field + "\"?").orElse("");
            problems.add(new Problem(line, child, "unknown field \"" + name + "\"" + near));
          }
        });
  }

  private void value(Yaml value, Type type, String path, int line) {
    if (value instanceof Yaml.Scalar scalar && scalar.value() == null) {
      return; // as if it were not there
    }
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        list(value, arguments[0], path, line);
      } else {
        map(value, arguments[1], path, line);
      }
    } else if (type instanceof Class<?> plain) {
      plain(value, plain, path, line);
    }
  }

  private void list(Yaml value, Type element, String path, int line) {
    if (!(value instanceof Yaml.Sequence sequence)) {
      wrong(value, "a list", path, line);
      return;
    }
    for (int i = 0; i < sequence.items().size(); i++) {
      Yaml item = sequence.items().get(i);
      value(item, element, path + "[" + i + "]", item.line());
    }
  }

  private void map(Yaml value, Type element, String path, int line) {
    if (!(value instanceof Yaml.Mapping mapping)) {
      wrong(value, "an object", path, line);
      return;
    }
    mapping
        .fields()
        .forEach((name, item) -> value(item, element, path + "." + name, mapping.lineOf(name)));
  }

  private void plain(Yaml value, Class<?> type, String path, int line) {
    if (ANYTHING.contains(type)) {
      return;
    }
    if (type == String.class) {
      scalar(value, value.plain() instanceof String, "a string", path, line);
    } else if (type == Integer.class || type == Long.class) {
      long most = type == Integer.class ? Integer.MAX_VALUE : Long.MAX_VALUE;
      Long n = Yaml.integer(value.plain());
      boolean fits = n != null && n <= most && n >= -most - 1;
      scalar(value, fits, "an integer", path, line);
    } else if (type == Boolean.class) {
      scalar(value, value.plain() instanceof Boolean, "true or false", path, line);
    } else if (Number.class.isAssignableFrom(type)) {
      scalar(value, value.plain() instanceof Number, "a number", path, line);
    } else if (value instanceof Yaml.Mapping mapping) {
      object(mapping, type, path);
    } else {
      wrong(value, "an object", path, line);
    }
  }

  private void scalar(Yaml value, boolean fits, String wanted, String path, int line) {
    if (!fits) {
      wrong(value, wanted, path, line);
    }
  }

  private void wrong(Yaml value, String wanted, String path, int line) {
    String hint =
        wanted.equals("a string") && value instanceof Yaml.Scalar ? "; put it in quotes" : "";
    problems.add(new Problem(line, path, "must be " + wanted + ", and is " + value.kind() + hint));
  }

  private static Map<String, Type> fields(Class<?> type) {
    Map<String, Type> fields = new LinkedHashMap<>();
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        JsonProperty property = field.getAnnotation(JsonProperty.class);
        if (property != null) {
          fields.putIfAbsent(property.value(), field.getGenericType());
        }
      }
    }
    return fields;
  }
}
