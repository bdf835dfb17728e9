package dev.piecework.job.manifest;

import dev.piecework.job.run.PodPlan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the pod template, and says what the API server would refuse of it. */
final class PodReader {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final String NOT_LABEL =
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
  private final Set<String> volumes = new HashSet<>();
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
  }

  PodTemplate read(View metadata) {
    List<PodTemplate.Volume> all = new ArrayList<>();
    for (View volume : pod.objects("volumes")) {
      all.add(volume(volume));
    }
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
    EnvironmentReader environment = new EnvironmentReader(configMaps, secrets);
    return new PodTemplate.Container(
        name,
        part,
        new PodTemplate.Image(container.text("image", ""), pullPolicy(container)),
        command,
        container.texts("args"),
        environment.read(container),
        container.text("workingDir"),
        container.objects("volumeMounts").stream().map(this::mount).toList());
  }

  private static @Nullable String pullPolicy(View container) {
    String policy = container.text("imagePullPolicy");
    List<String> known = List.of("Always", "IfNotPresent", "Never");
    if (policy != null && !known.contains(policy)) {
      container.unsupported("imagePullPolicy", known);
    }
    return policy;
  }

  private PodTemplate.Mount mount(View mount) {
    String volume = mount.text("name", "");
    String path = mount.text("mountPath", "");
    if (volume.isEmpty()) {
      mount.required("name", "");
    } else if (!volumes.contains(volume)) {
      mount.problem("name", "Not found: \"" + volume + "\"");
    }
    if (path.isEmpty()) {
      mount.required("mountPath", "");
    }
    return new PodTemplate.Mount(volume, path, mount.text("subPath", ""), mount.flag("readOnly"));
  }

  /** One of the cluster's is an empty folder here, and is listed as not used. */
  private PodTemplate.Volume volume(View volume) {
    String name = volume.text("name", "");
    if (name.isEmpty()) {
      volume.required("name", "");
    } else if (!volumes.add(name)) {
      volume.problem("name", "Duplicate value: \"" + name + "\"");
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    if (volume.has("configMap")) {
      View source = volume.object("configMap");
      files = files(source, source.text("name", ""), "name", configMaps, "ConfigMap");
    } else if (volume.has("secret")) {
      View source = volume.object("secret");
      files = files(source, source.text("secretName", ""), "secretName", secrets, "Secret");
    }
    return new PodTemplate.Volume(name, files);
  }

  private static Map<String, byte[]> files(
      View source, String name, String field, Map<String, Map<String, byte[]>> all, String kind) {
    Map<String, byte[]> data = all.get(name);
    if (data == null) {
      if (!source.flag("optional")) {
        source.problem(field, "there is no " + kind + " \"" + name + "\" in this file");
      }
      return Map.of();
    }
    if (!source.has("items")) {
      return data;
    }
    Map<String, byte[]> chosen = new LinkedHashMap<>();
    for (View item : source.objects("items")) {
      String key = item.text("key", "");
      byte[] value = data.get(key);
      String path = item.text("path", "");
      if (path.isEmpty() || path.startsWith("/") || path.contains("..")) {
        item.problem("path", "must be a relative path without '..'");
      } else if (value != null) {
        chosen.put(path, value);
      } else if (!source.flag("optional")) {
        item.problem("key", "there is no key \"" + key + "\" in " + kind + " " + name);
      }
    }
    return chosen;
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
