package dev.piecework.job.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a manifest may say that has no meaning on one machine. */
final class NotUsed {
  private static final Set<String> JOB = Set.of("managedBy", "manualSelector", "selector");
  private static final Set<String> POD_USED =
      Set.of(
          "containers",
          "initContainers",
          "volumes",
          "restartPolicy",
          "terminationGracePeriodSeconds",
          "activeDeadlineSeconds");
  private static final Set<String> VOLUME_USED = Set.of("name", "emptyDir", "configMap", "secret");
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

  private NotUsed() {}

  /** The paths, in the order of the alphabet, without numbers of containers. */
  static List<String> in(View spec) {
    Set<String> paths = new TreeSet<>();
    JOB.stream().filter(spec::has).forEach(paths::add);
    View pod = spec.object("template").object("spec");
    addOthers(pod, POD_USED, "", paths);
    for (View volume : pod.objects("volumes")) {
      addOthers(volume, VOLUME_USED, "volumes.", paths);
    }
    for (String list : List.of("initContainers", "containers")) {
      for (View container : pod.objects(list)) {
        addOthers(container, CONTAINER_USED, "containers.", paths);
      }
    }
    return new ArrayList<>(paths);
  }

  private static void addOthers(View at, Set<String> used, String prefix, Set<String> paths) {
    at.mapping()
        .fields()
        .forEach((name, value) -> {
          boolean empty = value.plain() instanceof Map<?, ?> map && map.isEmpty();
          if (!used.contains(name) && at.has(name) && !empty) {
            paths.add(prefix + name);
          }
        });
  }
}
