package dev.piecework.kubernetes.manifest;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The fields that a model of fabric8 was given and does not have: it keeps them aside. */
final class AdditionalProperties {

  private AdditionalProperties() {}

  static List<String> in(Object object) {
    List<String> found = new ArrayList<>();
    look(object, "", found);
    return found;
  }

  private static void look(Object value, String path, List<String> found) {
    switch (value) {
      case null -> {}
      case Map<?, ?> map -> map.forEach((key, item) -> look(item, path + "." + key, found));
      case Collection<?> items -> items.forEach(item -> look(item, path + "[]", found));
      default -> {
        if (value.getClass().getName().startsWith("io.fabric8.kubernetes.api.model.")) {
          fields(value, path, found);
        }
      }
    }
  }

  private static void fields(Object value, String path, List<String> found) {
    for (Field field : value.getClass().getDeclaredFields()) {
      if (java.lang.reflect.Modifier.isStatic(field.getModifiers())) {
        continue;
      }
      try {
        field.setAccessible(true);
        Object child = field.get(value);
        if (field.getName().equals("additionalProperties")) {
          if (child instanceof Map<?, ?> map) {
            map.keySet().forEach(key -> found.add(path + "." + key));
          }
        } else {
          look(child, path + "." + field.getName(), found);
        }
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
  }
}
