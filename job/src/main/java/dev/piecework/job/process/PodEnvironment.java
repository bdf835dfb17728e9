package dev.piecework.job.process;

import dev.piecework.job.manifest.JobFile;
import dev.piecework.job.manifest.PodTemplate;
import dev.piecework.job.run.Containers;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a container's command finds in its environment. */
final class PodEnvironment {
  static final String INDEX = "JOB_COMPLETION_INDEX";

  private final JobFile job;
  private final Map<String, String> given;
  private final String redis;
  private final String jobUid;

  /**
   * @param given to every container, unless it sets the same
   * @param redis the URL that stands for {@code redis://redis:6379} where a Service redis is in the
   *     file; empty for none
   */
  PodEnvironment(JobFile job, Map<String, String> given, String redis, String jobUid) {
    this.job = job;
    this.given = Map.copyOf(given);
    this.redis = job.services().contains("redis") ? redis : "";
    this.jobUid = jobUid;
  }

  /** Later ones may use earlier ones by {@code $(NAME)}. */
  Map<String, String> of(Containers.Created pod, PodTemplate.Container container, Mounts mounts) {
    Map<String, String> all = new LinkedHashMap<>(given);
    all.put("HOSTNAME", pod.name());
    if (pod.index() >= 0) {
      all.put(INDEX, Integer.toString(pod.index()));
    }
    for (PodTemplate.Variable variable : container.environment().imported()) {
      all.put(variable.name(), value(variable, pod));
    }
    for (PodTemplate.Variable variable : container.environment().own()) {
      String value = Expansion.of(value(variable, pod), all);
      all.put(variable.name(), RedisAddress.local(mounts.in(value), redis));
    }
    return all;
  }

  private String value(PodTemplate.Variable variable, Containers.Created pod) {
    return switch (variable.source()) {
      case PodTemplate.Literal literal -> literal.value();
      case PodTemplate.OfPod field -> field(field.field(), pod);
    };
  }

  private String field(String path, Containers.Created pod) {
    return switch (path) {
      case "metadata.name" -> pod.name();
      case "metadata.namespace" -> job.rules().namespace();
      case "metadata.uid" -> pod.uid();
      case "spec.nodeName" -> "localhost";
      case "spec.serviceAccountName" -> "default";
      case "status.podIP", "status.podIPs", "status.hostIP", "status.hostIPs" -> "127.0.0.1";
      default -> subscript(path, pod);
    };
  }

  private String subscript(String path, Containers.Created pod) {
    String key = path.substring(path.indexOf('\'') + 1, path.lastIndexOf('\''));
    Map<String, String> all =
        new LinkedHashMap<>(
            path.startsWith("metadata.labels")
                ? job.template().labels()
                : job.template().annotations());
    for (String prefix : new String[] {"", "batch.kubernetes.io/"}) {
      all.put(prefix + "job-name", job.name());
      all.put(prefix + "controller-uid", jobUid);
    }
    if (pod.index() >= 0) {
      all.put("batch.kubernetes.io/job-completion-index", Integer.toString(pod.index()));
    }
    return all.getOrDefault(key, "");
  }
}
