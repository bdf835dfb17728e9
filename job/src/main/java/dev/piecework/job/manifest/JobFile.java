package dev.piecework.job.manifest;

import dev.piecework.job.policy.JobRules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Job that was read, and found to be right.
 *
 * @param document the Job as it was written, with the API server's defaults
 * @param services the names of the Services beside it
 * @param notUsed what has no meaning on one machine, each named once
 */
public record JobFile(
    String name,
    JobRules rules,
    PodTemplate template,
    Map<String, @Nullable Object> document,
    List<String> services,
    List<String> notUsed,
    PodRuntime runtime) {

  /** As the API server's limit of a request. */
  private static final int MOST_BYTES = 3 << 20;

  public JobFile {
    services = List.copyOf(services);
    notUsed = List.copyOf(notUsed);
  }

  /**
   * Reads a file with one Job and what it needs.
   *
   * @throws ManifestException when it is not right: one line for each problem
   */
  public static JobFile read(Path file, PodRuntime runtime) throws IOException, ManifestException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.toString(), in, runtime, false);
    }
  }

  /**
   * The same of a stream.
   *
   * @param name what the problems call it
   * @param fromCronJob whether the Job is that of a CronJob's template
   */
  public static JobFile read(String name, InputStream in, PodRuntime runtime, boolean fromCronJob)
      throws IOException, ManifestException {
    byte[] bytes = in.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw refused(name, "longer than " + MOST_BYTES + " bytes: that is no Job");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new ManifestReader(name, runtime, fromCronJob).read(text);
    } catch (CharacterCodingException e) {
      throw refused(name, "not YAML: the file is not UTF-8 text");
    }
  }

  private static ManifestException refused(String file, String why) {
    return new ManifestException(file, List.of(new Problem(1, "", why)));
  }

  /** The same with another parallelism than the manifest's. */
  public JobFile withParallelism(int parallelism) {
    return new JobFile(
        name, rules.withParallelism(parallelism), template, document, services, notUsed, runtime);
  }

  /** Whether every container sets this variable itself. */
  public boolean setsEverywhere(String variable) {
    return template.containers().stream()
        .allMatch(c -> c.environment().own().stream().anyMatch(own -> own.name().equals(variable)));
  }

  /** The same of a text; {@code file} is what the problems call it. */
  public static JobFile parse(String file, String text, PodRuntime runtime)
      throws ManifestException {
    return new ManifestReader(file, runtime, false).read(text);
  }
}
