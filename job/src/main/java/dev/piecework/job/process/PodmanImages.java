package dev.piecework.job.process;

import dev.piecework.job.manifest.JobFile;
import dev.piecework.job.manifest.PodTemplate;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The images of a Job, all of them there, and a podman that can run them.
 *
 * @param byName what each image of the manifest is here
 */
record PodmanImages(Podman podman, Map<String, Image> byName) {

  /**
   * An image that is on this machine.
   *
   * @param name by which podman finds it
   * @param stopSignal what asks its containers to end
   */
  record Image(String name, boolean hasCommand, String stopSignal) {}

  /**
   * Looks for the images, and pulls those that are not there.
   *
   * @throws PodRuntimeException when there is no podman, it cannot run containers here, or an image
   *     cannot be had
   */
  static PodmanImages of(JobFile job, Consumer<String> notices)
      throws IOException, InterruptedException, PodRuntimeException {
    Podman podman =
        Podman.find()
            .orElseThrow(() ->
                new PodRuntimeException(
                    "--runtime podman: there is no podman on the PATH; install it (on Debian:"
                        + " podman and runc), or leave --runtime out and give each container a"
                        + " command"));
    Map<String, Image> images = new LinkedHashMap<>();
    for (PodTemplate.Container container : job.template().containers()) {
      String name = container.image().name();
      Image image = images.get(name);
      if (image == null) {
        image = find(podman, container.image(), notices);
        images.put(name, image);
      }
      if (container.command().isEmpty() && container.args().isEmpty() && !image.hasCommand()) {
        throw new PodRuntimeException(
            "container "
                + container.name()
                + " has no command, and its image "
                + name
                + " names none either");
      }
    }
    Podman running = podman.thatRuns(images.values().iterator().next().name());
    return new PodmanImages(running, images);
  }

  Image get(PodTemplate.Container container) {
    Image image = byName.get(container.image().name());
    if (image == null) {
      throw new IllegalStateException("no image " + container.image().name());
    }
    return image;
  }

  private static Image find(Podman podman, PodTemplate.Image wanted, Consumer<String> notices)
      throws IOException, InterruptedException, PodRuntimeException {
    String name = wanted.name();
    boolean pulls = "Always".equals(wanted.pullPolicy());
    if (!pulls && podman.ask("image", "exists", name).code() == 0) {
      return inspect(podman, name);
    }
    String full = withRegistry(name);
    if (pulls || podman.ask("image", "exists", full).code() != 0) {
      if ("Never".equals(wanted.pullPolicy())) {
        throw new PodRuntimeException(
            "image " + name + " is not on this machine, and imagePullPolicy is Never");
      }
      notices.accept("pulling image " + full);
      Podman.Answer pulled = podman.ask("pull", "--quiet", full);
      if (pulled.code() != 0) {
        throw new PodRuntimeException("cannot pull image " + name + ": " + pulled.why());
      }
    }
    return inspect(podman, full);
  }

  /** As a cluster reads it: busybox is docker.io/library/busybox. */
  static String withRegistry(String name) {
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    if (first.contains(".") || first.contains(":") || first.equals("localhost")) {
      return name;
    }
    return "docker.io/" + (slash < 0 ? "library/" : "") + name;
  }

  private static Image inspect(Podman podman, String name)
      throws IOException, InterruptedException, PodRuntimeException {
    Podman.Answer answer = podman.ask("image", "inspect", name);
    if (answer.code() != 0) {
      throw new PodRuntimeException("image " + name + ": " + answer.why());
    }
    JsonNode config = JsonMapper.shared().readTree(answer.out()).path(0).path("Config");
    return new Image(
        name,
        !config.path("Entrypoint").isEmpty() || !config.path("Cmd").isEmpty(),
        config.path("StopSignal").asString("SIGTERM"));
  }
}
