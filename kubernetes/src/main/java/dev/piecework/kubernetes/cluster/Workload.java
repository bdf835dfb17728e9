package dev.piecework.kubernetes.cluster;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What runs the workers under one name: a Job, or the Deployment of the stream shape. */
public final class Workload {

  static final Map<String, String> OURS = Map.of("app.kubernetes.io/managed-by", "piecework");

  private final Cluster cluster;
  private final String name;
  private final boolean isJob;
  private @Nullable PodGroup pods;

  private Workload(Cluster cluster, String name, boolean isJob) {
    this.cluster = cluster;
    this.name = name;
    this.isJob = isJob;
  }

  static Workload job(Cluster cluster, String name) {
    return new Workload(cluster, name, true);
  }

  static Workload deployment(Cluster cluster, String name) {
    return new Workload(cluster, name, false);
  }

  static List<String> ours(Cluster cluster) {
    String namespace = cluster.namespace();
    var jobs =
        cluster.ask(
            "list",
            "jobs.batch",
            () ->
                cluster
                    .client()
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(namespace)
                    .withLabels(OURS)
                    .list()
                    .getItems());
    var deployments =
        cluster.ask(
            "list",
            "deployments.apps",
            () ->
                cluster
                    .client()
                    .apps()
                    .deployments()
                    .inNamespace(namespace)
                    .withLabels(OURS)
                    .list()
                    .getItems());
    return Stream.<HasMetadata>concat(jobs.stream(), deployments.stream())
        .map(object -> object.getMetadata().getName())
        .sorted()
        .toList();
  }

  private Resource<Job> jobs() {
    return cluster.client().batch().v1().jobs().inNamespace(cluster.namespace()).withName(name);
  }

  private Resource<Deployment> deployments() {
    return cluster.client().apps().deployments().inNamespace(cluster.namespace()).withName(name);
  }

  private String what() {
    return (isJob ? "jobs.batch/" : "deployments.apps/") + name;
  }

  private @Nullable HasMetadata object() {
    return isJob
        ? cluster.<@Nullable Job>ask("get", what(), () -> jobs().get())
        : cluster.<@Nullable Deployment>ask("get", what(), () -> deployments().get());
  }

  /** How it is now; nothing when there is none. */
  public Optional<WorkloadView> view() {
    HasMetadata object = object();
    return object == null ? Optional.empty() : Optional.of(viewOf(object));
  }

  /** How one would be that is not applied yet. */
  public static WorkloadView viewOf(HasMetadata object) {
    return object instanceof Job job
        ? WorkloadReader.of(job)
        : WorkloadReader.of((Deployment) object);
  }

  /** All of it, as the API server has it. */
  @SuppressWarnings("unchecked")
  public Map<String, @Nullable Object> document() {
    HasMetadata object = object();
    if (object == null) {
      throw new ClusterException(ClusterException.Kind.ABSENT, "there is no " + what());
    }
    return cluster.client().getKubernetesSerialization().convertValue(object, Map.class);
  }

  /** All of it as JSON, on one line. */
  public String json() {
    return cluster.client().getKubernetesSerialization().asJson(document());
  }

  /** Its pods. */
  public synchronized PodGroup pods() {
    PodGroup known = pods;
    if (known == null) {
      HasMetadata object = object();
      String uid = object == null ? null : object.getMetadata().getUid();
      Map<String, String> labels = Map.of("job-name", name);
      if (object instanceof Deployment deployment) {
        labels = deployment.getSpec().getSelector().getMatchLabels();
      }
      known =
          new PodGroup(
              cluster, labels, PodGroup.reference(isJob ? "Job" : "Deployment", name, uid));
      pods = known;
    }
    return known;
  }

  /**
   * Something that happened to it.
   *
   * @param at null when the cluster does not say
   */
  public record Happened(
      @Nullable Instant at, boolean warning, String reason, String from, String message) {}

  /** What happened to it, oldest first. */
  public List<Happened> events() {
    HasMetadata object = object();
    String uid = object == null ? null : object.getMetadata().getUid();
    List<Happened> all = new ArrayList<>();
    for (Event event : pods().events(PodGroup.reference(isJob ? "Job" : "Deployment", name, uid))) {
      String from =
          event.getSource() != null && event.getSource().getComponent() != null
              ? event.getSource().getComponent()
              : WorkloadReader.text(event.getReportingComponent());
      all.add(
          new Happened(
              time(event),
              "Warning".equals(event.getType()),
              WorkloadReader.text(event.getReason()),
              from,
              WorkloadReader.text(event.getMessage()).strip()));
    }
    all.sort(Comparator.comparing(Happened::at, Comparator.nullsFirst(Comparator.naturalOrder())));
    return all;
  }

  static @Nullable Instant time(Event event) {
    String micro = event.getEventTime() == null ? null : event.getEventTime().getTime();
    return Stream.of(event.getLastTimestamp(), event.getFirstTimestamp(), micro)
        .filter(text -> text != null && !text.isEmpty())
        .map(Workload::parse)
        .findFirst()
        .orElse(null);
  }

  static @Nullable Instant parse(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException notATime) {
      return null;
    }
  }

  /** Changes how many pods there are at once. */
  public void scale(int pods) {
    String change = isJob ? "parallelism" : "replicas";
    patch("{\"spec\":{\"" + change + "\":" + pods + "}}");
  }

  /** Writes down something about it. */
  public void annotate(String key, String value) {
    String text = cluster.client().getKubernetesSerialization().asJson(Map.of(key, value));
    patch("{\"metadata\":{\"annotations\":" + text + "}}");
  }

  private void patch(String merge) {
    PatchContext how = PatchContext.of(PatchType.JSON_MERGE);
    HasMetadata _ =
        isJob
            ? cluster.ask("patch", what(), () -> jobs().patch(how, merge))
            : cluster.ask("patch", what(), () -> deployments().patch(how, merge));
  }

  /**
   * Follows what its pods print, until closed.
   *
   * @param line is given the pod's name and a line
   */
  public PodLogs logs(BiConsumer<String, String> line) {
    return new PodLogs(cluster, pods(), line);
  }
}
