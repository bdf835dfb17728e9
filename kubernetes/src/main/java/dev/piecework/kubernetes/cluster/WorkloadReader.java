package dev.piecework.kubernetes.cluster;

import dev.piecework.kubernetes.cluster.WorkloadView.End;
import dev.piecework.kubernetes.cluster.WorkloadView.EnvValue;
import dev.piecework.kubernetes.cluster.WorkloadView.Pods;
import dev.piecework.kubernetes.cluster.WorkloadView.Wish;
import dev.piecework.kubernetes.cluster.WorkloadView.Worker;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From the objects of the API to {@link WorkloadView}. Pure. */
final class WorkloadReader {

  private static final Worker NONE = new Worker("", "", List.of(), null);

  private WorkloadReader() {}

  static WorkloadView of(Job job) {
    var spec = job.getSpec();
    int parallelism = spec.getParallelism() == null ? 1 : spec.getParallelism();
    JobStatus status = job.getStatus() == null ? new JobStatus() : job.getStatus();
    return view(
        job,
        new Wish(spec.getCompletions(), parallelism, Boolean.TRUE.equals(spec.getSuspend())),
        new Pods(
            zero(status.getActive()),
            zero(status.getReady()),
            zero(status.getSucceeded()),
            zero(status.getFailed())),
        end(status),
        worker(spec.getTemplate()));
  }

  static WorkloadView of(Deployment deployment) {
    var spec = deployment.getSpec();
    var status = deployment.getStatus();
    int replicas = spec.getReplicas() == null ? 1 : spec.getReplicas();
    return view(
        deployment,
        new Wish(null, replicas, false),
        new Pods(
            status == null ? 0 : zero(status.getReplicas()),
            status == null ? 0 : zero(status.getReadyReplicas()),
            0,
            0),
        new End.NotYet(),
        worker(spec.getTemplate()));
  }

  private static WorkloadView view(
      HasMetadata object, Wish wish, Pods pods, End end, Worker worker) {
    return new WorkloadView(
        object.getKind(),
        object.getMetadata().getName(),
        String.valueOf(object.getMetadata().getUid()),
        orEmpty(object.getMetadata().getLabels()),
        orEmpty(object.getMetadata().getAnnotations()),
        wish,
        pods,
        end,
        worker);
  }

  static End end(JobStatus status) {
    if (status.getConditions() == null) {
      return new End.NotYet();
    }
    for (JobCondition condition : status.getConditions()) {
      if ("True".equals(condition.getStatus())) {
        if ("Complete".equals(condition.getType())) {
          return new End.Complete();
        }
        if ("Failed".equals(condition.getType())) {
          return new End.Failed(text(condition.getReason()), text(condition.getMessage()));
        }
      }
    }
    return new End.NotYet();
  }

  /** The one called {@code worker}, as our manifests have it, or else the first. */
  private static Worker worker(@Nullable PodTemplateSpec template) {
    if (template == null || template.getSpec() == null) {
      return NONE;
    }
    List<Container> containers = template.getSpec().getContainers();
    if (containers.isEmpty()) {
      return NONE;
    }
    Container container =
        containers.stream()
            .filter(one -> "worker".equals(one.getName()))
            .findFirst()
            .orElse(containers.getFirst());
    return new Worker(
        text(container.getName()),
        text(container.getImage()),
        container.getArgs() == null ? List.of() : List.copyOf(container.getArgs()),
        redis(container));
  }

  private static @Nullable EnvValue redis(Container container) {
    for (String name : List.of("PIECEWORK_REDIS", "REDIS_URL")) {
      for (EnvVar variable : container.getEnv()) {
        if (name.equals(variable.getName())) {
          if (variable.getValueFrom() == null) {
            return new EnvValue.Literal(text(variable.getValue()));
          }
          var key = variable.getValueFrom().getSecretKeyRef();
          return key == null ? null : new EnvValue.FromSecret(key.getName(), key.getKey());
        }
      }
    }
    return null;
  }

  static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static int zero(@Nullable Integer number) {
    return number == null ? 0 : number;
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : Map.copyOf(map);
  }
}
