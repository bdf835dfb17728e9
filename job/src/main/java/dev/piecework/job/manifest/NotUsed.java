package dev.piecework.job.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What a manifest may say that has no meaning on one machine. */
final class NotUsed {
  /** What the API server fills in, so that it is in what kubectl prints; it asks for nothing. */
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "dnsPolicy", "ClusterFirst",
          "schedulerName", "default-scheduler",
          "enableServiceLinks", true,
          "terminationMessagePath", "/dev/termination-log",
          "terminationMessagePolicy", "File",
          "managedBy", "kubernetes.io/job-controller");

  private static final Set<String> POD_USED =
      Set.of(
          "containers",
          "initContainers",
          "serviceAccountName",
          "serviceAccount",
          "volumes",
          "restartPolicy",
          "terminationGracePeriodSeconds",
          "activeDeadlineSeconds");
  private static final Set<String> VOLUME_USED =
      Set.of("name", "emptyDir", "configMap", "secret", "downwardAPI", "projected");
  private static final Set<String> PROJECTED_USED = Set.of("configMap", "secret", "downwardAPI");
  private static final Set<String> CONTAINER_USED =
      Set.of(
          "name",
          "command",
          "args",
          "env",
          "envFrom",
          "workingDir",
          "volumeMounts",
          "restartPolicy",
          // It is what stands for the command on a cluster; to name it each time tells nothing.
          "image",
          "imagePullPolicy");

  /** What a program would look for in vain. */
  private static final Map<String, String> NO_WAY =
      Map.of("serviceAccountToken", " (its file is missing: only a cluster issues tokens)");

  private NotUsed() {}

  /** The paths, in the order of the alphabet, without numbers of containers. */
  static List<String> in(View spec) {
    Set<String> paths = new TreeSet<>();
    if (spec.has("managedBy") && !isDefault(spec, "managedBy")) {
      paths.add("managedBy");
    }
    if (spec.flag("manualSelector")) {
      paths.add("selector");
    }
    View pod = spec.object("template").object("spec");
    addOthers(pod, POD_USED, "", paths);
    for (View volume : pod.objects("volumes")) {
      addOthers(volume, VOLUME_USED, "volumes.", paths);
      for (View source : volume.object("projected").objects("sources")) {
        addOthers(source, PROJECTED_USED, "volumes.projected.", paths);
      }
    }
    for (String list : List.of("initContainers", "containers")) {
      for (View container : pod.objects(list)) {
        addOthers(container, CONTAINER_USED, "containers.", paths);
      }
    }
    return new ArrayList<>(paths);
  }

  private static boolean isDefault(View at, String field) {
    Yaml value = at.mapping().fields().get(field);
    return value != null && Objects.equals(DEFAULTS.get(field), value.plain());
  }

  private static void addOthers(View at, Set<String> used, String prefix, Set<String> paths) {
    at.mapping()
        .fields()
        .forEach((name, value) -> {
          boolean empty = value.plain() instanceof Map<?, ?> map && map.isEmpty();
          if (!used.contains(name) && at.has(name) && !empty && !isDefault(at, name)) {
            paths.add(prefix + name + NO_WAY.getOrDefault(name, ""));
          }
        });
  }
}
