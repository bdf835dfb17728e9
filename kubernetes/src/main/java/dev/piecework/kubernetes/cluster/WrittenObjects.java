package dev.piecework.kubernetes.cluster;

import dev.piecework.kubernetes.cluster.ClusterException.Kind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesList;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The objects in a file that somebody wrote.
 *
 * @param job the one Job among them
 * @param others what comes with it
 */
public record WrittenObjects(Job job, List<HasMetadata> others) {

  public WrittenObjects {
    others = List.copyOf(others);
  }

  /** Reads YAML or JSON, with several documents or a List. */
  public static WrittenObjects read(Path file) {
    List<HasMetadata> all = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      collect(new KubernetesSerialization().unmarshal(in), all);
    } catch (IOException unreadable) {
      throw new ClusterException(Kind.REFUSED, "-f: cannot read " + file, unreadable);
    } catch (RuntimeException wrong) {
      throw new ClusterException(
          Kind.REFUSED,
          "-f: "
              + file
              + " is no Kubernetes manifest: "
              + Explained.oneLine(String.valueOf(wrong.getMessage())),
          wrong);
    }
    List<Job> jobs = all.stream().filter(Job.class::isInstance).map(Job.class::cast).toList();
    if (jobs.size() != 1) {
      throw new ClusterException(
          Kind.REFUSED, "-f: " + file + " has " + jobs.size() + " Jobs (batch/v1); one is needed");
    }
    Job job = jobs.getFirst();
    if (job.getMetadata() == null || job.getMetadata().getName() == null) {
      throw new ClusterException(Kind.REFUSED, "-f: the Job in " + file + " has no name");
    }
    if (job.getSpec() == null || job.getSpec().getTemplate() == null) {
      throw new ClusterException(Kind.REFUSED, "-f: the Job in " + file + " has no pod template");
    }
    all.remove(job);
    return new WrittenObjects(job, all);
  }

  private static void collect(Object read, List<HasMetadata> all) {
    switch (read) {
      case KubernetesList list -> all.addAll(list.getItems());
      case Collection<?> several -> several.forEach(one -> collect(one, all));
      case HasMetadata one -> all.add(one);
      default ->
          throw new IllegalArgumentException("it holds a " + read.getClass().getSimpleName());
    }
  }
}
