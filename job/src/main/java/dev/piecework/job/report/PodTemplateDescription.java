package dev.piecework.job.report;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pod template's part of a description. */
final class PodTemplateDescription {
  private final TabText text;

  PodTemplateDescription(TabText text) {
    this.text = text;
  }

  void describe(Map<String, @Nullable Object> template) {
    Map<String, @Nullable Object> metadata = JobDocument.object(template, "metadata");
    Map<String, @Nullable Object> pod = JobDocument.object(template, "spec");
    text.line("Pod Template:");
    JobDescription.pairs(text, "  Labels:", JobDocument.object(metadata, "labels"), "=");
    Map<String, @Nullable Object> annotations = JobDocument.object(metadata, "annotations");
    if (!annotations.isEmpty()) {
      JobDescription.pairs(text, "  Annotations:", annotations, ": ");
    }
    if (pod.get("serviceAccountName") != null) {
      text.line("  Service Account:\t" + pod.get("serviceAccountName"));
    }
    containers("  Init Containers:", objects(pod, "initContainers"));
    containers("  Containers:", objects(pod, "containers"));
    volumes(objects(pod, "volumes"));
    JobDescription.pairs(text, "  Node-Selectors:", JobDocument.object(pod, "nodeSelector"), "=");
    text.line("  Tolerations:\t" + (pod.get("tolerations") == null ? "<none>" : "<set>"));
  }

  private void containers(String title, List<Map<String, @Nullable Object>> containers) {
    if (containers.isEmpty()) {
      return;
    }
    text.line(title);
    for (Map<String, @Nullable Object> container : containers) {
      text.line("   " + container.get("name") + ":");
      text.line("    Image:\t" + container.get("image"));
      text.line("    Port:\t<none>");
      text.line("    Host Port:\t<none>");
      words("    Command:", container.get("command"));
      words("    Args:", container.get("args"));
      environment(objects(container, "env"));
      mounts(objects(container, "volumeMounts"));
    }
  }

  private void words(String title, @Nullable Object words) {
    if (words instanceof List<?> list && !list.isEmpty()) {
      text.line(title);
      for (Object word : list) {
        for (String line : String.valueOf(word).split("\n", -1)) {
          text.line("      " + line.replace('\t', ' '));
        }
      }
    }
  }

  private void environment(List<Map<String, @Nullable Object>> variables) {
    if (variables.isEmpty()) {
      text.line("    Environment:\t<none>");
      return;
    }
    text.line("    Environment:");
    for (Map<String, @Nullable Object> variable : variables) {
      text.line("      " + variable.get("name") + ":\t" + value(variable));
    }
  }

  private static String value(Map<String, @Nullable Object> variable) {
    Map<String, @Nullable Object> from = JobDocument.object(variable, "valueFrom");
    Map<String, @Nullable Object> field = JobDocument.object(from, "fieldRef");
    Map<String, @Nullable Object> configMap = JobDocument.object(from, "configMapKeyRef");
    Map<String, @Nullable Object> secret = JobDocument.object(from, "secretKeyRef");
    if (!field.isEmpty()) {
      return " (v1:" + field.get("fieldPath") + ")";
    }
    if (!configMap.isEmpty()) {
      return "<set to the key '%s' of config map '%s'>"
          .formatted(configMap.get("key"), configMap.get("name"));
    }
    if (!secret.isEmpty()) {
      return "<set to the key '%s' in secret '%s'>"
          .formatted(secret.get("key"), secret.get("name"));
    }
    Object value = variable.get("value");
    return value == null ? "" : String.valueOf(value);
  }

  private void mounts(List<Map<String, @Nullable Object>> mounts) {
    if (mounts.isEmpty()) {
      text.line("    Mounts:\t<none>");
      return;
    }
    text.line("    Mounts:");
    for (Map<String, @Nullable Object> mount : mounts) {
      text.line(
          "      %s from %s (%s)"
              .formatted(
                  mount.get("mountPath"),
                  mount.get("name"),
                  Boolean.TRUE.equals(mount.get("readOnly")) ? "ro" : "rw"));
    }
  }

  private void volumes(List<Map<String, @Nullable Object>> volumes) {
    if (volumes.isEmpty()) {
      text.line("  Volumes:\t<none>");
      return;
    }
    text.line("  Volumes:");
    for (Map<String, @Nullable Object> volume : volumes) {
      text.line("   " + volume.get("name") + ":");
      volume.keySet().stream()
          .filter(kind -> !kind.equals("name"))
          .forEach(kind ->
              text.line("    Type:\t" + Character.toUpperCase(kind.charAt(0)) + kind.substring(1)));
    }
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, @Nullable Object>> objects(
      Map<String, @Nullable Object> in, String name) {
    return in.get(name) instanceof List<?> list
        ? (List<Map<String, @Nullable Object>>) list
        : List.of();
  }
}
