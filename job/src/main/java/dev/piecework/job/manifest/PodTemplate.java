package dev.piecework.job.manifest;

import dev.piecework.job.run.PodPlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each pod of the Job is made from. */
public record PodTemplate(
    List<Container> containers,
    List<Volume> volumes,
    Map<String, String> labels,
    Map<String, String> annotations,
    Times times) {

  public PodTemplate {
    containers = List.copyOf(containers);
    volumes = List.copyOf(volumes);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** Which of its containers begin and end when. */
  public PodPlan plan(boolean restartOnFailure) {
    return new PodPlan(
        containers.stream().map(c -> new PodPlan.Member(c.name(), c.part())).toList(),
        restartOnFailure,
        times.grace(),
        times.activeDeadline());
  }

  /**
   * How long a pod may take.
   *
   * @param grace from SIGTERM to SIGKILL
   * @param activeDeadline from its begin to its end, null for as long as it likes
   */
  public record Times(Duration grace, @Nullable Duration activeDeadline) {}

  /** What a container is made from; {@code pullPolicy} is null where the manifest has none. */
  public record Image(String name, @Nullable String pullPolicy) {}

  /**
   * A container: an image, a command, its environment and where it finds its volumes.
   *
   * @param command empty for that of the image
   * @param workingDir null for the folder that the Job is run in, or that of the image
   */
  public record Container(
      String name,
      PodPlan.Part part,
      Image image,
      List<String> command,
      List<String> args,
      Environment environment,
      @Nullable String workingDir,
      List<Mount> mounts) {
    public Container {
      command = List.copyOf(command);
      args = List.copyOf(args);
      mounts = List.copyOf(mounts);
    }
  }

  /** In the order of the manifest; a later one of the same name wins, and {@code own} over all. */
  public record Environment(List<Variable> imported, List<Variable> own) {
    public Environment {
      imported = List.copyOf(imported);
      own = List.copyOf(own);
    }
  }

  /** A variable and where its value comes from. */
  public record Variable(String name, Source source) {}

  /** Where a value comes from. */
  public sealed interface Source {}

  /** As it stands; of {@code own} variables with {@code $(NAME)} in it. */
  public record Literal(String value) implements Source {}

  /** A field of the pod, as {@code metadata.name}. */
  public record OfPod(String field) implements Source {}

  /** A volume. */
  public record Volume(String name, Map<String, byte[]> files) {}

  /** Where a container expects a volume; {@code subPath} may be empty. */
  public record Mount(String volume, String path, String subPath, boolean readOnly) {}
}
