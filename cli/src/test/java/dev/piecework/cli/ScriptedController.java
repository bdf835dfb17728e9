package dev.piecework.cli;

import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Does for a mock cluster what a Job controller and a kubelet do, as far as the flow needs it: a
 * pod is a real worker process. Pool shape: an exit of 0 counts, 4, 74 and 143 are replaced, others
 * fail the Job. Queue shape: after the first success nothing is replaced.
 */
final class ScriptedController implements AutoCloseable {

  private static final Path LAUNCHER =
      Path.of("target/piecework/bin/piecework").toAbsolutePath().normalize();
  private static final Set<Integer> REPLACED = Set.of(4, 74, 130, 137, 143);

  /** What is made of a pod instead of starting a worker; returns false to start one. */
  interface Script {
    boolean instead(Pod pod);
  }

  private record Running(Pod pod, Process process) {}

  private static final class Life {
    final String uid;
    final List<Running> running = new ArrayList<>();
    int succeeded;
    int failed;

    Life(String uid) {
      this.uid = uid;
    }
  }

  private final MockCluster cluster;
  private final Path folder;
  private final Map<String, Life> lives = new HashMap<>();
  private final Thread thread;
  private volatile boolean closed;
  private volatile Script script = pod -> false;
  private volatile boolean ignoresJobs;
  private volatile @Nullable String redisOfOthers;
  private int number;

  ScriptedController(MockCluster cluster, Path folder) {
    this.cluster = cluster;
    this.folder = folder;
    this.thread = Thread.ofPlatform().daemon().name("controller").unstarted(this::control);
  }

  void start() {
    thread.start();
  }

  void script(Script other) {
    script = other;
  }

  /** The test sets what becomes of Jobs. */
  void ignoreJobs() {
    ignoresJobs = true;
  }

  private void control() {
    while (!closed) {
      try {
        var client = cluster.client();
        for (StatefulSet set :
            client.apps().statefulSets().inNamespace(MockCluster.NAMESPACE).list().getItems()) {
          String pod = set.getMetadata().getName() + "-0";
          if (client.pods().inNamespace(MockCluster.NAMESPACE).withName(pod).get() == null) {
            cluster.startRedis(set);
          }
          RedisPods several = cluster.redisPods(set.getMetadata().getName());
          if (several != null) {
            several.tend();
          }
        }
        if (!ignoresJobs) {
          List<Job> jobs =
              client.batch().v1().jobs().inNamespace(MockCluster.NAMESPACE).list().getItems();
          endThoseWithoutAJob(jobs);
          for (Job job : jobs) {
            control(job);
          }
        }
        Thread.sleep(250);
      } catch (KubernetesClientException | IOException torn) {
        if (!closed) {
          torn.printStackTrace();
        }
      } catch (InterruptedException ended) {
        return;
      }
    }
  }

  private void endThoseWithoutAJob(List<Job> jobs) {
    lives
        .entrySet()
        .removeIf(entry -> {
          boolean there =
              jobs.stream()
                  .anyMatch(job ->
                      job.getMetadata().getName().equals(entry.getKey())
                          && job.getMetadata().getUid().equals(entry.getValue().uid));
          if (!there) {
            entry
                .getValue()
                .running
                .forEach(running -> {
                  running.process.destroy();
                  cluster.client().resource(running.pod).delete();
                });
          }
          return !there;
        });
  }

  private void control(Job job) throws IOException {
    if (isOver(job)) {
      return;
    }
    Life life =
        lives.computeIfAbsent(
            job.getMetadata().getName(), _ -> new Life(job.getMetadata().getUid()));
    boolean failed = countEnded(life);
    Integer completions = job.getSpec().getCompletions();
    int wanted = job.getSpec().getParallelism();
    if (completions != null) {
      wanted = Math.min(wanted, completions - life.succeeded);
    } else if (life.succeeded > 0) {
      wanted = life.running.size();
    }
    while (!failed && life.running.size() < wanted) {
      startPod(job, life);
    }
    for (int i = life.running.size(); i > wanted; i--) {
      life.running.get(i - 1).process.destroy();
    }
    boolean complete =
        !failed
            && life.running.isEmpty()
            && life.succeeded > 0
            && (completions == null || life.succeeded >= completions);
    setStatus(job, life, complete, failed);
  }

  private static boolean isOver(Job job) {
    return job.getStatus() != null
        && job.getStatus().getConditions() != null
        && !job.getStatus().getConditions().isEmpty();
  }

  /** Whether one ended as fails the Job. */
  private boolean countEnded(Life life) {
    boolean failed = false;
    for (Running running : List.copyOf(life.running)) {
      boolean deleted = podOf(running) == null;
      if (deleted && running.process.isAlive()) {
        running.process.destroy(); // as the kubelet does: SIGTERM
        continue;
      }
      if (running.process.isAlive()) {
        continue;
      }
      life.running.remove(running);
      int code = running.process.exitValue();
      life.succeeded += code == 0 ? 1 : 0;
      life.failed += code == 0 ? 0 : 1;
      failed |= code != 0 && !REPLACED.contains(code);
      if (!deleted) {
        ended(running, code);
      }
    }
    return failed;
  }

  private Pod podOf(Running running) {
    return cluster
        .client()
        .pods()
        .inNamespace(MockCluster.NAMESPACE)
        .withName(running.pod.getMetadata().getName())
        .get();
  }

  private void ended(Running running, int code) {
    cluster
        .client()
        .pods()
        .inNamespace(MockCluster.NAMESPACE)
        .withName(running.pod.getMetadata().getName())
        .editStatus(pod ->
            new PodBuilder(pod)
                .editStatus()
                .withPhase(code == 0 ? "Succeeded" : "Failed")
                .withContainerStatuses(
                    new ContainerStatusBuilder()
                        .withName("worker")
                        .withRestartCount(0)
                        .withNewState()
                        .withNewTerminated()
                        .withExitCode(code)
                        .withReason(code == 137 ? "OOMKilled" : code == 0 ? "Completed" : "Error")
                        .withFinishedAt("2026-11-24T00:00:00Z")
                        .endTerminated()
                        .endState()
                        .build())
                .endStatus()
                .build());
  }

  private void startPod(Job job, Life life) throws IOException {
    String name = job.getMetadata().getName() + "-" + number++;
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(MockCluster.NAMESPACE)
            .withUid("uid-" + name)
            .addToLabels(job.getSpec().getTemplate().getMetadata().getLabels())
            .addToLabels("job-name", job.getMetadata().getName())
            .endMetadata()
            .withSpec(job.getSpec().getTemplate().getSpec())
            .withNewStatus()
            .withPhase("Pending")
            .endStatus()
            .build();
    cluster.client().resource(pod).create();
    if (script.instead(pod)) {
      life.running.add(new Running(pod, new ProcessBuilder("sleep", "1000").start()));
      return;
    }
    Process process = worker(job, name);
    life.running.add(new Running(pod, process));
    cluster
        .client()
        .pods()
        .inNamespace(MockCluster.NAMESPACE)
        .withName(name)
        .editStatus(there ->
            new PodBuilder(there)
                .editStatus()
                .withPhase("Running")
                .withContainerStatuses(
                    new ContainerStatusBuilder()
                        .withName("worker")
                        .withRestartCount(0)
                        .withNewState()
                        .withNewRunning()
                        .endRunning()
                        .endState()
                        .build())
                .endStatus()
                .build());
  }

  private Process worker(Job job, String pod) throws IOException {
    RedisPods several = cluster.redisPods(job.getMetadata().getName() + "-redis");
    List<String> words = new ArrayList<>(several == null ? List.of() : several.words());
    words.add(LAUNCHER.toString());
    var container = job.getSpec().getTemplate().getSpec().getContainers().getFirst();
    List<String> arguments = new ArrayList<>(container.getArgs());
    for (var mount : container.getVolumeMounts()) {
      Path there = mounted(job, mount.getName(), folder.resolve(pod + "-" + mount.getName()));
      if (there != null) {
        arguments.replaceAll(word -> word.replace(mount.getMountPath() + "/", there + "/"));
      }
    }
    // All pods are this machine: there is one such port.
    int health = arguments.indexOf("--health-port");
    if (health >= 0) {
      arguments.subList(health, health + 2).clear();
    }
    words.addAll(arguments);
    Path log = folder.resolve(pod + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("REDIS_URL", redisUrl(job));
    builder.environment().put("HOSTNAME", pod);
    builder.environment().put("XDG_STATE_HOME", folder.resolve("state").toString());
    builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    Process process = builder.start();
    cluster.front().logOf(pod, log, process);
    return process;
  }

  /** The files of a volume that is a Secret; null for another. */
  private @Nullable Path mounted(Job job, String volume, Path there) throws IOException {
    for (var one : job.getSpec().getTemplate().getSpec().getVolumes()) {
      if (one.getName().equals(volume) && one.getSecret() != null) {
        Files.createDirectories(there);
        for (var item : one.getSecret().getItems()) {
          String secret = one.getSecret().getSecretName();
          Files.writeString(there.resolve(item.getPath()), cluster.secret(secret, item.getKey()));
        }
        return there;
      }
    }
    return null;
  }

  /** Where the pods of Jobs without a Redis of their own find one. */
  void redisOfOthers(String url) {
    redisOfOthers = url;
  }

  private String redisUrl(Job job) {
    String others = redisOfOthers;
    if (others != null) {
      return others;
    }
    String secret = job.getMetadata().getName() + "-redis";
    if (cluster.redisPods(secret) != null) {
      return cluster.secret(secret, "url");
    }
    return "redis://:"
        + cluster.secret(secret, "password")
        + "@127.0.0.1:"
        + Objects.requireNonNull(cluster.redis(secret)).port();
  }

  private void setStatus(Job job, Life life, boolean complete, boolean failed) {
    JobStatus status =
        new JobStatusBuilder()
            .withActive(life.running.size())
            .withReady(life.running.size())
            .withSucceeded(life.succeeded)
            .withFailed(life.failed)
            .withStartTime("2026-11-24T00:00:00Z")
            .build();
    if (complete) {
      status.setCompletionTime("2026-11-24T00:01:00Z");
      status.setConditions(
          List.of(new JobConditionBuilder().withType("Complete").withStatus("True").build()));
    }
    if (failed) {
      life.running.forEach(running -> running.process.destroy());
      status.setConditions(
          List.of(
              new JobConditionBuilder()
                  .withType("Failed")
                  .withStatus("True")
                  .withReason("PodFailurePolicy")
                  .withMessage("Container worker failed with an exit code of the failure policy")
                  .build()));
    }
    if (!status.equals(job.getStatus())) {
      cluster
          .client()
          .batch()
          .v1()
          .jobs()
          .inNamespace(MockCluster.NAMESPACE)
          .withName(job.getMetadata().getName())
          .editStatus(there -> {
            there.setStatus(status);
            return there;
          });
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    lives.values().forEach(life -> life.running.forEach(r -> r.process.destroyForcibly()));
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
