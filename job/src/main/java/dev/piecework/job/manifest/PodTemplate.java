package dev.piecework.job.manifest;

import dev.piecework.job.run.PodPlan;
import java.nio.charset.StandardCharsets;
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

  /** What a ConfigMap or a Secret holds, byte for byte. */
  public record Stored(byte[] bytes) implements Source {
    public static Stored of(String text) {
      return new Stored(text.getBytes(StandardCharsets.UTF_8));
    }

    public String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** A field of the pod, as {@code metadata.name}. */
  public record OfPod(String field) implements Source {}

  /** A volume; one that a ConfigMap or the like fills is read-only, as in a cluster. */
  public record Volume(String name, List<VolumeFile> files, boolean readOnly) {
    public Volume {
      files = List.copyOf(files);
    }
  }

  /**
   * A file that a volume begins with.
   *
   * @param path below the volume
   * @param mode its permissions, as in chmod
   */
  public record VolumeFile(String path, int mode, Source content) {}

  /**
   * Where a container expects a volume.
   *
   * @param path absolute
   * @param subPath of the volume, with {@code $(NAME)} in it if it expands; may be empty
   */
  public record Mount(
      String volume, String path, String subPath, boolean subPathExpands, boolean readOnly) {}
}
