package dev.piecework.job.manifest;

import dev.piecework.job.run.PodPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the pod template, and says what the API server would refuse of it. */
final class PodReader {
  static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  static final String NOT_LABEL =
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
          + " must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc',"
          + " regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
  private static final String NO_COMMAND =
      "without --runtime podman the image is not used, and there is no command to take from it:"
          + " give command, or let podman run the image";

  private final View pod;
  private final PodRuntime runtime;
  private final Map<String, Map<String, byte[]>> configMaps;
  private final Map<String, Map<String, byte[]>> secrets;
  private final FieldReader fields;
  private final VolumeReader volumes;
  private final Set<String> names = new HashSet<>();

  PodReader(
      View pod,
      PodRuntime runtime,
      Map<String, Map<String, byte[]>> configMaps,
      Map<String, Map<String, byte[]>> secrets) {
    this.pod = pod;
    this.runtime = runtime;
    this.configMaps = configMaps;
    this.secrets = secrets;
    fields = new FieldReader(pod);
    volumes = new VolumeReader(configMaps, secrets, fields);
  }

  PodTemplate read(View metadata) {
    List<PodTemplate.Volume> all = volumes.read(pod);
    List<PodTemplate.Container> containers = new ArrayList<>();
    for (View init : pod.objects("initContainers")) {
      boolean sidecar = "Always".equals(init.text("restartPolicy"));
      if (!sidecar && init.has("restartPolicy")) {
        init.unsupported("restartPolicy", List.of("Always"));
      }
      containers.add(container(init, sidecar ? PodPlan.Part.SIDECAR : PodPlan.Part.INIT));
    }
    if (pod.objects("containers").isEmpty()) {
      pod.required("containers", "");
    }
    for (View main : pod.objects("containers")) {
      if (main.has("restartPolicy")) {
        main.problem("restartPolicy", "Forbidden: may not be set for non-init containers");
      }
      containers.add(container(main, PodPlan.Part.MAIN));
    }
    Long grace = pod.number("terminationGracePeriodSeconds");
    return new PodTemplate(
        containers,
        all,
        metadata.map("labels"),
        metadata.map("annotations"),
        new PodTemplate.Times(
            Duration.ofSeconds(Objects.requireNonNullElse(grace, 30L)), activeDeadline()));
  }

  /** The pod's own, beside the Job's. */
  private @Nullable Duration activeDeadline() {
    Long seconds = pod.number("activeDeadlineSeconds");
    if (seconds == null) {
      return null;
    }
    if (seconds < 1 || seconds > Integer.MAX_VALUE) {
      pod.invalid("activeDeadlineSeconds", "must be between 1 and 2147483647, inclusive");
    }
    return Duration.ofSeconds(seconds);
  }

  private PodTemplate.Container container(View container, PodPlan.Part part) {
    String name = container.text("name", "");
    if (name.isEmpty()) {
      container.required("name", "");
    } else if (!LABEL.matcher(name).matches()) {
      container.invalid("name", NOT_LABEL);
    } else if (!names.add(name)) {
      container.problem("name", "Duplicate value: \"" + name + "\"");
    }
    if (container.text("image", "").isEmpty()) {
      container.required("image", "");
    }
    List<String> command = container.texts("command");
    if (command.isEmpty()
        && container.mapping().fields().get("command") == null
        && runtime == PodRuntime.PROCESS) {
      container.required("command", NO_COMMAND);
    }
    EnvironmentReader environment = new EnvironmentReader(configMaps, secrets, fields);
    return new PodTemplate.Container(
        name,
        part,
        new PodTemplate.Image(container.text("image", ""), pullPolicy(container)),
        command,
        container.texts("args"),
        environment.read(container),
        container.text("workingDir"),
        mounts(container));
  }

  private static @Nullable String pullPolicy(View container) {
    String policy = container.text("imagePullPolicy");
    List<String> known = List.of("Always", "IfNotPresent", "Never");
    if (policy != null && !known.contains(policy)) {
      container.unsupported("imagePullPolicy", known);
    }
    return policy;
  }

  private List<PodTemplate.Mount> mounts(View container) {
    Set<String> paths = new HashSet<>();
    List<PodTemplate.Mount> all = new ArrayList<>();
    for (View mount : container.objects("volumeMounts")) {
      PodTemplate.Mount read = mount(mount);
      if (!paths.add(read.path())) {
        mount.invalid("mountPath", "must be unique");
      }
      all.add(read);
    }
    return all;
  }

  private PodTemplate.Mount mount(View mount) {
    String volume = mount.text("name", "");
    String path = mount.text("mountPath", "");
    String expression = mount.text("subPathExpr", "");
    String subPath = mount.text("subPath", expression);
    if (volume.isEmpty()) {
      mount.required("name", "");
    } else if (!volumes.knows(volume)) {
      mount.problem("name", "Not found: \"" + volume + "\"");
    }
    if (path.isEmpty()) {
      mount.required("mountPath", "");
    } else if (path.contains(":")) {
      mount.invalid("mountPath", "must not contain ':'");
    }
    // A relative one is taken from the root, as the kubelet does.
    Path absolute = Path.of("/").resolve(path).normalize();
    if (absolute.getNameCount() == 0 && !path.isEmpty()) {
      mount.invalid("mountPath", "a volume cannot take the place of the root folder");
    } else if (absolute.startsWith("/proc")) {
      mount.invalid("mountPath", "nothing can be mounted over /proc");
    }
    if (mount.has("subPath") && mount.has("subPathExpr")) {
      mount.invalid("subPathExpr", "subPathExpr and subPath are mutually exclusive");
    }
    if (subPath.startsWith("/") || VolumeReader.leadsUp(subPath)) {
      mount.invalid(
          mount.has("subPath") ? "subPath" : "subPathExpr",
          subPath.startsWith("/") ? "must be a relative path" : "must not contain '..'");
    }
    return new PodTemplate.Mount(
        volume, absolute.toString(), subPath, !expression.isEmpty(), mount.flag("readOnly"));
  }
}
