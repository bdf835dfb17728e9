package dev.piecework.job.run;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** One case of the table, run by the Job controller of a cluster. */
final class CaseOnCluster {
  private static final String JOB = "batch.kubernetes.io/job-name";
  private static final String INDEX = "batch.kubernetes.io/job-completion-index";

  /**
   * Where, and with which patience.
   *
   * @param look between two looks at the cluster
   * @param quiet after which a Job that is not to end has become what it becomes
   * @param longest for one case
   */
  record Cluster(
      KubernetesClient client,
      String namespace,
      String image,
      Duration look,
      Duration quiet,
      Duration longest) {}

  private final JobCase given;
  private final Cluster cluster;
  private final String name;
  private final PodScripts scripts;
  private final SimulatedJob simulated;
  private final List<String> pods = new CopyOnWriteArrayList<>();

  /** By pod, container and time: a pod that was deleted takes with it what it told. */
  private final Map<String, Instant> begun = new ConcurrentHashMap<>();

  private final InstantSource clock = InstantSource.system();
  private Instant lastAction = Instant.MIN;

  CaseOnCluster(JobCase given, Cluster cluster, String name) throws Exception {
    this.given = given;
    this.cluster = cluster;
    this.name = name;
    Job job = PodScriptOnCluster.job(given, name, cluster.image());
    scripts =
        new PodScripts(given, PodScriptOnCluster.names(job.getSpec().getTemplate().getSpec()));
    simulated = new SimulatedJob(given);
    simulated.run();
  }

  /** Runs it to its end, and removes it. */
  Outcome run() throws Exception {
    try (Watch _ =
        cluster
            .client()
            .pods()
            .inNamespace(cluster.namespace())
            .withLabel(JOB, name)
            .watch(new Releasing())) {
      Job created = create();
      Instant begun = clock.instant();
      for (Map<String, Object> action : given.actions()) {
        await(begun, () -> isDue(action, begun));
        act(action);
        lastAction = clock.instant();
      }
      Job[] last = {created};
      await(
          begun,
          () -> {
            Job now = job();
            last[0] = now == null ? last[0] : now;
            return now == null || isOver(now);
          });
      return Outcome.of(last[0], events(created.getMetadata().getUid()));
    } finally {
      cluster
          .client()
          .batch()
          .v1()
          .jobs()
          .inNamespace(cluster.namespace())
          .withName(name)
          .withPropagationPolicy(DeletionPropagation.BACKGROUND)
          .withGracePeriod(0)
          .delete();
    }
  }

  private Job create() {
    return cluster
        .client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(cluster.namespace())
        .resource(PodScriptOnCluster.job(given, name, cluster.image()))
        .create();
  }

  private Job job() {
    return cluster
        .client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(cluster.namespace())
        .withName(name)
        .get();
  }

  /** Gives each pod its script in the order in which the controller creates them. */
  private final class Releasing implements Watcher<Pod> {
    @Override
    public void eventReceived(Action action, Pod pod) {
      note(pod);
      String created = pod.getMetadata().getName();
      if (action != Action.ADDED || pods.contains(created)) {
        return;
      }
      pods.add(created);
      String index = pod.getMetadata().getAnnotations().getOrDefault(INDEX, "-1");
      Map<String, String> script = scripts.next(Integer.parseInt(index));
      cluster
          .client()
          .pods()
          .inNamespace(cluster.namespace())
          .withName(created)
          .edit(p -> PodScriptOnCluster.released(p, script));
    }

    @Override
    public void onClose(WatcherException lost) {
      if (lost != null) {
        throw new IllegalStateException("the watch of the pods of " + name + " was lost", lost);
      }
    }
  }

  private interface Goal {
    boolean satisfied();
  }

  private void await(Instant begun, Goal goal) throws InterruptedException {
    while (!goal.satisfied()) {
      if (clock.instant().isAfter(begun.plus(cluster.longest()))) {
        throw new AssertionError(given + ": not over after " + cluster.longest() + "; " + job());
      }
      Thread.sleep(cluster.look());
    }
  }

  /**
   * An action at second N of the table is one that comes after all the begins of containers before
   * it, and as long after the last of them as it says.
   */
  private boolean isDue(Map<String, Object> action, Instant begun) {
    int at = JobCase.at(action);
    List<Integer> before =
        simulated.containers.starts.stream()
            .map(start -> Integer.valueOf(start.substring(0, start.indexOf(' '))))
            .filter(start -> start < at)
            .toList();
    List<Instant> seen = starts();
    if (seen.size() < before.size()) {
      return false;
    }
    Instant from = before.isEmpty() ? begun : seen.get(before.size() - 1);
    int later = before.isEmpty() ? at : at - before.getLast();
    return !from.plusSeconds(later).isAfter(clock.instant());
  }

  /** When containers have begun, each life of them, those of pods that are gone too; in order. */
  private List<Instant> starts() {
    cluster
        .client()
        .pods()
        .inNamespace(cluster.namespace())
        .withLabel(JOB, name)
        .list()
        .getItems()
        .forEach(this::note);
    return begun.values().stream().sorted().toList();
  }

  private void note(Pod pod) {
    if (pod.getStatus() == null) {
      return;
    }
    Stream.concat(
            pod.getStatus().getInitContainerStatuses().stream(),
            pod.getStatus().getContainerStatuses().stream())
        .forEach(container -> note(pod.getMetadata().getName(), container));
  }

  private void note(String pod, ContainerStatus container) {
    Stream.of(container.getState(), container.getLastState())
        .filter(Objects::nonNull)
        .map(state ->
            state.getRunning() != null
                ? state.getRunning().getStartedAt()
                : state.getTerminated() != null ? state.getTerminated().getStartedAt() : null)
        .filter(Objects::nonNull)
        .forEach(at -> begun.put(pod + "/" + container.getName() + " " + at, Instant.parse(at)));
  }

  private void act(Map<String, Object> action) {
    action.forEach((verb, value) -> {
      switch (verb) {
        case "at" -> {}
        case "scale" -> edit(job -> job.editSpec().withParallelism((Integer) value).endSpec());
        case "suspend" -> edit(job -> job.editSpec().withSuspend((Boolean) value).endSpec());
        case "delete" ->
            cluster
                .client()
                .pods()
                .inNamespace(cluster.namespace())
                .withName(pods.get((Integer) value))
                .delete();
        case "evict" ->
            cluster
                .client()
                .pods()
                .inNamespace(cluster.namespace())
                .withName(pods.get((Integer) value))
                .evict();
        default -> throw new IllegalArgumentException("unknown action " + verb);
      }
    });
  }

  private interface Change {
    JobBuilder in(JobBuilder job);
  }

  private void edit(Change change) {
    cluster
        .client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(cluster.namespace())
        .withName(name)
        .edit(job -> change.in(new JobBuilder(job)).build());
  }

  /** Finished, with its last event; or, where it is never to finish, quiet for long enough. */
  private boolean isOver(Job job) {
    if (!simulated.loop.state().isFinished()) {
      Instant since = Instant.parse(job.getMetadata().getCreationTimestamp());
      Instant quiet = (lastAction.isAfter(since) ? lastAction : since).plus(cluster.quiet());
      return clock.instant().isAfter(quiet);
    }
    JobStatus status = job.getStatus();
    return status != null
        && status.getConditions().stream()
            .anyMatch(c ->
                List.of("Complete", "Failed").contains(c.getType()) && c.getStatus().equals("True"))
        && events(job.getMetadata().getUid()).stream()
            .map(Event::getReason)
            .anyMatch(simulated.loop.events().getLast().reason()::equals);
  }

  private List<Event> events(String uid) {
    return cluster
        .client()
        .v1()
        .events()
        .inNamespace(cluster.namespace())
        .list()
        .getItems()
        .stream()
        .filter(event -> uid.equals(event.getInvolvedObject().getUid()))
        .toList();
  }
}
