package dev.piecework.kubernetes.manifest;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The StatefulSet that is the Redis of one bag. */
final class RedisServer {

  /** The user of the official images of Redis and of Valkey. */
  private static final long USER = 999;

  private static final BigDecimal MEGABYTE = BigDecimal.valueOf(1 << 20);
  private static final String CONTAINER = "spec.template.spec.containers[0]";
  private static final String ARGS_NOTE =
      "An append-only file on the volume, and no eviction: a full Redis refuses to write, and"
          + " workers wait, rather than lose items. Data get 3/5 of the memory, since writing the"
          + " file anew takes a copy of what changes meanwhile. The image's entry point names the"
          + " server.";

  private RedisServer() {}

  static Manifest of(Plan plan, RedisPlan.Deployed redis) {
    Names names = plan.names();
    RedisLayout layout = redis.layout();
    Map<String, String> notes = new HashMap<>();
    notes.put(
        "spec.volumeClaimTemplates",
        "The claim stays when the StatefulSet is deleted: a run can be taken up again.");
    notes.put(CONTAINER + ".args", layout.several() ? RedisMembers.ARGS_NOTE : ARGS_NOTE);
    notes.put(
        CONTAINER + ".env[1]", "So that redis-cli in this container needs no password by hand.");
    notes.put(
        CONTAINER + ".livenessProbe",
        "Any answer is a sign of life, that it is loading or busy too; a slow disk may hold it"
            + " up.");
    notes.put(
        CONTAINER + ".startupProbe", "Loading the append-only file of a large bag takes a while.");
    if (redis.size().cpu() == null) {
      notes.put(
          CONTAINER + ".resources",
          "No limit on CPU: Redis is one thread that all workers wait for. Where a quota wants one,"
              + " say --redis-cpu.");
    }
    notes.putAll(Scheduling.redisNotes(plan, layout));
    if (layout.several()) {
      notes.putAll(RedisMembers.notes(layout));
    }
    return new Manifest(
        new StatefulSetBuilder()
            .withMetadata(names.metadata(names.redis(), Names.Component.REDIS).build())
            .withNewSpec()
            .withReplicas(layout.pods())
            .withPodManagementPolicy(layout.several() ? "Parallel" : null)
            .withServiceName(names.redis())
            .withNewSelector()
            .withMatchLabels(names.selector(Names.Component.REDIS))
            .endSelector()
            .withTemplate(pod(plan, redis))
            .withVolumeClaimTemplates(claim(names, redis))
            .endSpec()
            .build(),
        notes);
  }

  private static PodTemplateSpec pod(Plan plan, RedisPlan.Deployed redis) {
    PodSpecBuilder spec =
        new PodSpecBuilder()
            .withAutomountServiceAccountToken(false)
            .withEnableServiceLinks(false)
            .withTerminationGracePeriodSeconds(30L)
            .withSecurityContext(Restricted.pod(USER))
            .withContainers(
                redis.layout().several()
                    ? RedisMembers.containers(plan.names(), redis)
                    : List.of(container(plan.names(), redis)));
    Scheduling.pullSecrets(plan, spec);
    Scheduling.redis(plan, redis.layout(), spec);
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(plan.names().labels(Names.Component.REDIS))
        .endMetadata()
        .withSpec(spec.build())
        .build();
  }

  private static Container container(Names names, RedisPlan.Deployed redis) {
    return server(names, redis)
        .withArgs(arguments(redis.size().memory()))
        .withReadinessProbe(asked("redis-cli ping | grep -q PONG").withFailureThreshold(2).build())
        .build();
  }

  /** Of a container with a Redis, all but its arguments and when it is ready. */
  static ContainerBuilder server(Names names, RedisPlan.Deployed redis) {
    String secret = RedisSecret.name(names, redis.secret());
    return new ContainerBuilder()
        .withName("redis")
        .withImage(redis.image())
        .withImagePullPolicy("IfNotPresent")
        .withEnv(
            RedisSecret.variable("REDIS_PASSWORD", secret, RedisSecret.PASSWORD),
            RedisSecret.variable("REDISCLI_AUTH", secret, RedisSecret.PASSWORD))
        .addNewPort()
        .withName("redis")
        .withContainerPort(RedisLayout.PORT)
        .endPort()
        .withResources(resources(redis.size()))
        .withSecurityContext(Restricted.container())
        // Each second, for whoever submits waits for it; ten minutes, as long as workers do.
        .withStartupProbe(
            asked("redis-cli ping | grep -q PONG")
                .withPeriodSeconds(1)
                .withFailureThreshold(600)
                .build())
        .withLivenessProbe(
            asked("redis-cli ping | grep -q .")
                .withPeriodSeconds(10)
                .withFailureThreshold(6)
                .build())
        .addNewVolumeMount()
        .withName("data")
        .withMountPath("/data")
        .endVolumeMount();
  }

  private static ResourceRequirements resources(RedisPlan.Size size) {
    Amount cpu = size.cpu();
    ResourceRequirementsBuilder resources =
        new ResourceRequirementsBuilder()
            .addToRequests("cpu", cpu == null ? new Quantity("100m") : cpu.request())
            .addToRequests("memory", size.memory());
    if (cpu != null) {
      resources.addToLimits("cpu", cpu.limit());
    }
    return resources.addToLimits("memory", size.memory()).build();
  }

  private static List<String> arguments(Quantity memory) {
    return List.of(
        "--requirepass",
        "$(REDIS_PASSWORD)",
        "--dir",
        "/data",
        "--appendonly",
        "yes",
        "--appendfsync",
        "everysec",
        "--save",
        "",
        "--maxmemory",
        dataIn(memory),
        "--maxmemory-policy",
        "noeviction");
  }

  /** Three fifths of the memory, as Redis writes it. */
  static String dataIn(Quantity memory) {
    BigDecimal data = memory.getNumericalAmount().multiply(new BigDecimal("0.6"));
    return data.divideToIntegralValue(MEGABYTE).longValueExact() + "mb";
  }

  static ProbeBuilder asked(String shell) {
    return new ProbeBuilder()
        .withNewExec()
        .withCommand("sh", "-c", shell)
        .endExec()
        .withPeriodSeconds(5)
        .withTimeoutSeconds(5);
  }

  private static PersistentVolumeClaim claim(Names names, RedisPlan.Deployed redis) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName("data")
        .withLabels(names.labels(Names.Component.REDIS))
        .endMetadata()
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withStorageClassName(redis.size().storageClass())
        .withNewResources()
        .addToRequests("storage", redis.size().storage())
        .endResources()
        .endSpec()
        .build();
  }
}
