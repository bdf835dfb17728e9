package dev.piecework.job.report;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
    containers("  Init Containers:", JobDocument.objects(pod, "initContainers"));
    containers("  Containers:", JobDocument.objects(pod, "containers"));
    new VolumeDescription(text).describe(JobDocument.objects(pod, "volumes"));
    spread(JobDocument.objects(pod, "topologySpreadConstraints"));
    if (pod.get("priorityClassName") != null) {
      text.line("  Priority Class Name:\t" + pod.get("priorityClassName"));
    }
    JobDescription.pairs(text, "  Node-Selectors:", JobDocument.object(pod, "nodeSelector"), "=");
    tolerations(JobDocument.objects(pod, "tolerations"));
  }

  private void containers(String title, List<Map<String, @Nullable Object>> containers) {
    if (containers.isEmpty()) {
      return;
    }
    text.line(title);
    for (Map<String, @Nullable Object> container : containers) {
      new ContainerDescription(text).describe(container);
    }
  }

  private void spread(List<Map<String, @Nullable Object>> constraints) {
    String title = "  Topology Spread Constraints:";
    for (Map<String, @Nullable Object> one : constraints) {
      String selector =
          JobDocument.object(JobDocument.object(one, "labelSelector"), "matchLabels")
              .entrySet()
              .stream()
              .map(label -> label.getKey() + "=" + label.getValue())
              .sorted()
              .collect(Collectors.joining(","));
      text.line(
          "%s\t%s:%s when max skew %s is exceeded%s"
              .formatted(
                  title,
                  one.get("topologyKey"),
                  one.get("whenUnsatisfiable"),
                  one.get("maxSkew"),
                  selector.isEmpty() ? "" : " for selector " + selector));
      title = "  ";
    }
  }

  private void tolerations(List<Map<String, @Nullable Object>> tolerations) {
    if (tolerations.isEmpty()) {
      text.line("  Tolerations:\t<none>");
      return;
    }
    String title = "  Tolerations:";
    for (Map<String, @Nullable Object> one : tolerations) {
      text.line(title + "\t" + toleration(one));
      title = "  ";
    }
  }

  private static String toleration(Map<String, @Nullable Object> one) {
    String key = JobDocument.text(one, "key");
    String value = JobDocument.text(one, "value");
    String effect = JobDocument.text(one, "effect");
    String shown =
        key + (value.isEmpty() ? "" : "=" + value) + (effect.isEmpty() ? "" : ":" + effect);
    if ("Exists".equals(one.get("operator")) && value.isEmpty()) {
      shown = shown.isEmpty() ? "op=Exists" : shown + " op=Exists";
    }
    Object seconds = one.get("tolerationSeconds");
    return seconds == null ? shown : shown + " for " + seconds + "s";
  }
}
