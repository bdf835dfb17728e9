package dev.piecework.job.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads env and envFrom of a container; what comes from ConfigMaps and Secrets is looked up. */
final class EnvironmentReader {
  private final Map<String, Map<String, byte[]>> configMaps;
  private final Map<String, Map<String, byte[]>> secrets;
  private final FieldReader fields;

  EnvironmentReader(
      Map<String, Map<String, byte[]>> configMaps,
      Map<String, Map<String, byte[]>> secrets,
      FieldReader fields) {
    this.configMaps = configMaps;
    this.secrets = secrets;
    this.fields = fields;
  }

  PodTemplate.Environment read(View container) {
    List<PodTemplate.Variable> imported = new ArrayList<>();
    for (View from : container.objects("envFrom")) {
      String prefix = from.text("prefix", "");
      all(from)
          .forEach((key, value) -> {
            // As the kubelet, which leaves out what cannot be a name.
            if (!key.isEmpty() && !key.contains("=")) {
              imported.add(new PodTemplate.Variable(prefix + key, new PodTemplate.Stored(value)));
            }
          });
    }
    List<PodTemplate.Variable> own = new ArrayList<>();
    for (View variable : container.objects("env")) {
      String name = variable.text("name", "");
      if (name.isEmpty()) {
        variable.required("name", "");
      } else if (name.contains("=")) {
        variable.invalid("name", "a variable's name must not contain '='");
      } else if (!variable.has("valueFrom")) {
        own.add(literal(name, variable.text("value", "")));
      } else if (!variable.text("value", "").isEmpty()) {
        variable.problem(
            "valueFrom", "Invalid value: may not be specified when `value` is not empty");
      } else {
        PodTemplate.Source source = from(variable.object("valueFrom"), container);
        if (source != null) {
          own.add(new PodTemplate.Variable(name, source));
        }
      }
    }
    return new PodTemplate.Environment(imported, own);
  }

  private Map<String, byte[]> all(View from) {
    if (from.has("configMapRef")) {
      return named(from.object("configMapRef"), configMaps, "ConfigMap");
    }
    if (from.has("secretRef")) {
      return named(from.object("secretRef"), secrets, "Secret");
    }
    from.problem("", "Invalid value: \"\": must specify one of: `configMapRef` or `secretRef`");
    return Map.of();
  }

  private static Map<String, byte[]> named(
      View reference, Map<String, Map<String, byte[]>> known, String kind) {
    String name = reference.text("name", "");
    Map<String, byte[]> data = known.get(name);
    if (data == null && !reference.flag("optional")) {
      reference.problem("name", "there is no " + kind + " \"" + name + "\" in this file");
    }
    return data == null ? Map.of() : data;
  }

  private PodTemplate.@Nullable Source from(View source, View container) {
    if (source.has("fieldRef")) {
      return fields.fieldRef(source.object("fieldRef"), false);
    }
    if (source.has("configMapKeyRef")) {
      return key(source.object("configMapKeyRef"), configMaps, "ConfigMap");
    }
    if (source.has("secretKeyRef")) {
      return key(source.object("secretKeyRef"), secrets, "Secret");
    }
    if (source.has("resourceFieldRef")) {
      return fields.resourceFieldRef(source.object("resourceFieldRef"), container);
    }
    source.problem(
        "",
        "Invalid value: \"\": must specify one of: `fieldRef`, `resourceFieldRef`,"
            + " `configMapKeyRef` or `secretKeyRef`");
    return null;
  }

  private static PodTemplate.@Nullable Source key(
      View reference, Map<String, Map<String, byte[]>> known, String kind) {
    Map<String, byte[]> data = named(reference, known, kind);
    String key = reference.text("key", "");
    byte[] value = data.get(key);
    if (value != null) {
      return new PodTemplate.Stored(value);
    }
    if (known.containsKey(reference.text("name", "")) && !reference.flag("optional")) {
      reference.problem(
          "key", "there is no key \"" + key + "\" in " + kind + " " + reference.text("name"));
    }
    return null;
  }

  private static PodTemplate.Variable literal(String name, String value) {
    return new PodTemplate.Variable(name, new PodTemplate.Literal(value));
  }
}
