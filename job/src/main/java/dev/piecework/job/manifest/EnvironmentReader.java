package dev.piecework.job.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads env and envFrom of a container; what comes from ConfigMaps and Secrets is looked up. */
final class EnvironmentReader {
  private static final Set<String> FIELDS =
      Set.of(
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.serviceAccountName",
          "status.hostIP",
          "status.hostIPs",
          "status.podIP",
          "status.podIPs");
  private static final Pattern SUBSCRIPT =
      Pattern.compile("metadata\\.(labels|annotations)\\['[^']+'\\]");

  private final Map<String, Map<String, byte[]>> configMaps;
  private final Map<String, Map<String, byte[]>> secrets;

  EnvironmentReader(
      Map<String, Map<String, byte[]>> configMaps, Map<String, Map<String, byte[]>> secrets) {
    this.configMaps = configMaps;
    this.secrets = secrets;
  }

  PodTemplate.Environment read(View container) {
    List<PodTemplate.Variable> imported = new ArrayList<>();
    for (View from : container.objects("envFrom")) {
      String prefix = from.text("prefix", "");
      all(from)
          .forEach((key, value) -> {
            // As the kubelet, which leaves out what cannot be a name.
            if (!key.isEmpty() && !key.contains("=")) {
              imported.add(literal(prefix + key, PodReader.text(value)));
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
        from(name, variable.object("valueFrom"), own);
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

  private void from(String name, View source, List<PodTemplate.Variable> all) {
    if (source.has("fieldRef")) {
      View reference = source.object("fieldRef");
      String field = reference.text("fieldPath", "");
      if (!FIELDS.contains(field) && !SUBSCRIPT.matcher(field).matches()) {
        reference.unsupported("fieldPath", FIELDS.stream().sorted().toList());
      }
      all.add(new PodTemplate.Variable(name, new PodTemplate.OfPod(field)));
    } else if (source.has("configMapKeyRef")) {
      key(name, source.object("configMapKeyRef"), configMaps, "ConfigMap", all);
    } else if (source.has("secretKeyRef")) {
      key(name, source.object("secretKeyRef"), secrets, "Secret", all);
    } else if (source.has("resourceFieldRef")) {
      source.problem("resourceFieldRef", "a pod has no resources of its own on one machine");
    } else {
      source.problem(
          "",
          "Invalid value: \"\": must specify one of: `fieldRef`, `resourceFieldRef`,"
              + " `configMapKeyRef` or `secretKeyRef`");
    }
  }

  private static void key(
      String name,
      View reference,
      Map<String, Map<String, byte[]>> known,
      String kind,
      List<PodTemplate.Variable> all) {
    Map<String, byte[]> data = named(reference, known, kind);
    String key = reference.text("key", "");
    byte[] value = data.get(key);
    if (value != null) {
      all.add(literalUnexpanded(name, PodReader.text(value)));
    } else if (known.containsKey(reference.text("name", "")) && !reference.flag("optional")) {
      reference.problem(
          "key", "there is no key \"" + key + "\" in " + kind + " " + reference.text("name"));
    }
  }

  private static PodTemplate.Variable literal(String name, String value) {
    return new PodTemplate.Variable(name, new PodTemplate.Literal(value));
  }

  /** Only what stands in the manifest itself is expanded. */
  private static PodTemplate.Variable literalUnexpanded(String name, String value) {
    return literal(name, value.replace("$", "$$"));
  }
}
