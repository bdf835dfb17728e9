package dev.piecework.kubernetes.manifest;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvFromSourceBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The pod of a worker: the same in all shapes, but for what happens when it ends. */
final class WorkerPod {

  /** What a podFailurePolicy refers to. */
  static final String CONTAINER = "worker";

  /** The user of the image, who owns nothing there. */
  private static final long USER = 65532;

  /**
   * Between the end of the worker's own patience and SIGKILL: commands are killed, leases returned.
   */
  private static final Duration AFTER_GRACE = Duration.ofSeconds(10);

  private static final int STARTUP_PERIOD = 5;

  /** A JVM on a busy node, after all the patience with Redis. */
  private static final Duration STARTUP = Duration.ofMinutes(2);

  private WorkerPod() {}

  static PodTemplateSpec of(Plan plan, String restartPolicy) {
    PodOptions pod = plan.pod();
    PodSpecBuilder spec =
        new PodSpecBuilder()
            .withServiceAccountName(
                pod.account().name() == null ? plan.names().name() : pod.account().name())
            .withAutomountServiceAccountToken(pod.account().token())
            .withEnableServiceLinks(false)
            .withRestartPolicy(restartPolicy)
            .withTerminationGracePeriodSeconds(pod.grace().plus(AFTER_GRACE).toSeconds())
            .withSecurityContext(Restricted.pod(USER))
            .withContainers(container(plan))
            .addNewVolume()
            .withName("scratch")
            .withNewEmptyDir()
            .withSizeLimit(pod.scratch())
            .endEmptyDir()
            .endVolume()
            .addAllToVolumes(RedisTls.volumes(plan));
    Scheduling.pullSecrets(plan, spec);
    Scheduling.workers(plan, spec);
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(plan.names().labels(Names.Component.WORKER))
        .withAnnotations(podAnnotations(plan))
        .endMetadata()
        .withSpec(spec.build())
        .build();
  }

  /** For people and for {@code kube describe}: what the worker works on. */
  static Map<String, String> annotations(Plan plan) {
    Map<String, String> annotations = new TreeMap<>();
    annotations.put("piecework.dev/queue", plan.names().queue());
    if (plan.worker().run() != null) {
      annotations.put("piecework.dev/run", plan.worker().run());
    }
    if (plan.worker().expect() != null) {
      annotations.put("piecework.dev/expect", String.valueOf(plan.worker().expect()));
    }
    return annotations;
  }

  private static Map<String, String> podAnnotations(Plan plan) {
    Map<String, String> annotations = annotations(plan);
    if (plan.pod().metrics()) {
      annotations.put("prometheus.io/scrape", "true");
      annotations.put("prometheus.io/port", String.valueOf(Names.METRICS_PORT));
      annotations.put("prometheus.io/path", "/metrics");
    }
    return annotations;
  }

  /** What there is to say about the pod. */
  static Map<String, String> notes(Plan plan) {
    String pod = "spec.template.spec";
    String container = pod + ".containers[0]";
    Map<String, String> notes = new HashMap<>();
    notes.put(
        pod + ".terminationGracePeriodSeconds",
        "A worker that is told to stop gives what runs "
            + plan.pod().grace().toSeconds()
            + " s (--grace), returns the rest, and exits 143: not a success, nothing is lost.");
    notes.put(pod + ".volumes[0]", "The only place that can be written to; the root is read-only.");
    notes.put(
        container + ".args",
        "The words of 'piecework work'. Exit 0 means drained, and nothing less.");
    notes.put(
        container + ".imagePullPolicy",
        "Said, since the default for :latest would ask a registry for an image loaded into a node.");
    notes.put(
        container + ".resources",
        "The CPU limit gives the slots, the memory limit the JVM's heap.");
    notes.put(
        container + ".startupProbe",
        "Redis may be away as long as --redis-timeout while a worker starts.");
    notes.put(container + ".livenessProbe", "Fails when the worker's heartbeat has stopped.");
    return notes;
  }

  private static Container container(Plan plan) {
    PodOptions pod = plan.pod();
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(plan.worker().image())
        .withImagePullPolicy(pod.pullPolicy())
        .withArgs(plan.worker().arguments(plan.names().queue(), plan.job().shape(), options(plan)))
        .withEnv(environment(plan))
        .withEnvFrom(pod.envFrom().stream().map(WorkerPod::source).toList())
        .withPorts(ports(pod))
        .withNewResources()
        .addToRequests("cpu", pod.cpu().request())
        .addToRequests("memory", pod.memory().request())
        .addToLimits("cpu", pod.cpu().limit())
        .addToLimits("memory", pod.memory().limit())
        .endResources()
        .withSecurityContext(Restricted.container())
        .withStartupProbe(startup(pod))
        .withLivenessProbe(health().withPeriodSeconds(10).withFailureThreshold(6).build())
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .addNewVolumeMount()
        .withName("scratch")
        .withMountPath("/tmp")
        .endVolumeMount()
        .addAllToVolumeMounts(RedisTls.mounts(plan.redis()))
        .build();
  }

  private static List<String> options(Plan plan) {
    List<String> words = new ArrayList<>(RedisTls.options(plan.redis()));
    words.addAll(List.of("--health-port", String.valueOf(Names.HEALTH_PORT)));
    if (plan.pod().metrics()) {
      words.addAll(List.of("--metrics-port", String.valueOf(Names.METRICS_PORT)));
    }
    return words;
  }

  private static List<ContainerPort> ports(PodOptions pod) {
    List<ContainerPort> ports = new ArrayList<>();
    ports.add(port("health", Names.HEALTH_PORT));
    if (pod.metrics()) {
      ports.add(port(WorkerMonitor.PORT, Names.METRICS_PORT));
    }
    return ports;
  }

  private static ContainerPort port(String name, int number) {
    return new ContainerPortBuilder().withName(name).withContainerPort(number).build();
  }

  private static List<EnvVar> environment(Plan plan) {
    List<EnvVar> env = new ArrayList<>();
    env.add(
        switch (plan.redis()) {
          case RedisPlan.Deployed deployed -> redisUrl(plan, deployed.secret());
          case RedisPlan.External external -> redisUrl(plan, external.secret());
          case RedisPlan.Open open -> new EnvVar("REDIS_URL", open.url(), null);
        });
    env.add(
        new EnvVarBuilder()
            .withName("POD_NAME")
            .withNewValueFrom()
            .withNewFieldRef()
            .withFieldPath("metadata.name")
            .endFieldRef()
            .endValueFrom()
            .build());
    env.add(new EnvVar("TMPDIR", "/tmp", null));
    Map<String, String> given = plan.pod().env();
    if (!given.containsKey("HOME")) {
      env.add(new EnvVar("HOME", "/tmp", null));
    }
    given.forEach((name, value) -> env.add(new EnvVar(name, Literal.of(value), null)));
    return env;
  }

  private static EnvVar redisUrl(Plan plan, RedisPlan.Access access) {
    return RedisSecret.variable(
        "REDIS_URL", RedisSecret.name(plan.names(), access), RedisSecret.URL);
  }

  private static EnvFromSource source(PodOptions.EnvSource source) {
    return switch (source.kind()) {
      case SECRET ->
          new EnvFromSourceBuilder()
              .withNewSecretRef()
              .withName(source.name())
              .endSecretRef()
              .build();
      case CONFIG_MAP ->
          new EnvFromSourceBuilder()
              .withNewConfigMapRef()
              .withName(source.name())
              .endConfigMapRef()
              .build();
    };
  }

  private static Probe startup(PodOptions pod) {
    long seconds = pod.timeout().plus(STARTUP).toSeconds();
    return health()
        .withPeriodSeconds(STARTUP_PERIOD)
        .withFailureThreshold(Math.toIntExact(Math.ceilDiv(seconds, STARTUP_PERIOD)))
        .build();
  }

  private static ProbeBuilder health() {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath("/healthz")
        .withPort(new IntOrString("health"))
        .endHttpGet()
        .withTimeoutSeconds(5);
  }
}
