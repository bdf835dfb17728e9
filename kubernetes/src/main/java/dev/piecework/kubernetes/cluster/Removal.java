package dev.piecework.kubernetes.cluster;

import dev.piecework.kubernetes.cluster.ClusterException.Kind;
import dev.piecework.kubernetes.rights.Right;
import dev.piecework.kubernetes.rights.Rights;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** All objects that were made under one name, found by their labels. */
public final class Removal {

  private static final String COMPONENT = "app.kubernetes.io/component";

  private final Cluster cluster;
  private final String name;

  Removal(Cluster cluster, String name) {
    this.cluster = cluster;
    this.name = name;
  }

  /**
   * Deletes them: workers first, so that they can give back what they hold. What may not be deleted
   * is said before anything is.
   *
   * @param keepRedis leave Redis, its volume and its Secret
   * @param deleted is told each of them, as {@code jobs.batch/job2}
   * @return how many there were
   */
  public int delete(boolean keepRedis, Consumer<String> deleted) {
    cluster.refuse(cluster.missing(Rights.look()));
    List<HasMetadata> all = find(keepRedis);
    SortedSet<Right> rights = new TreeSet<>();
    all.forEach(object -> rights.add(Right.on(object, "delete")));
    cluster.refuse(cluster.missing(rights));
    int count = 0;
    for (HasMetadata object : all) {
      String what = Application.what(object);
      var gone =
          cluster.ask(
              "delete",
              what,
              () ->
                  cluster
                      .client()
                      .resource(object)
                      .inNamespace(cluster.namespace())
                      .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                      .delete());
      if (!gone.isEmpty()) {
        deleted.accept(what);
        count++;
      }
    }
    return count;
  }

  /** Deletes the Job alone; its pods follow. */
  public void deleteJob() {
    var _ =
        cluster.ask(
            "delete",
            "jobs.batch/" + name,
            () ->
                cluster
                    .client()
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(cluster.namespace())
                    .withName(name)
                    .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                    .delete());
  }

  private List<HasMetadata> find(boolean keepRedis) {
    var client = cluster.client();
    String namespace = cluster.namespace();
    List<HasMetadata> found = new ArrayList<>();
    add(found, "jobs.batch", () -> client.batch().v1().jobs().inNamespace(namespace));
    add(found, "deployments.apps", () -> client.apps().deployments().inNamespace(namespace));
    for (String kind : List.of("ScaledObject", "TriggerAuthentication")) {
      addIfKnown(found, "keda.sh", "v1alpha1", kind);
    }
    addIfKnown(found, "monitoring.coreos.com", "v1", "PodMonitor");
    add(found, "statefulsets.apps", () -> client.apps().statefulSets().inNamespace(namespace));
    add(found, "services", () -> client.services().inNamespace(namespace));
    add(
        found,
        "networkpolicies.networking.k8s.io",
        () -> client.network().v1().networkPolicies().inNamespace(namespace));
    add(
        found,
        "poddisruptionbudgets.policy",
        () -> client.policy().v1().podDisruptionBudget().inNamespace(namespace));
    add(
        found,
        "persistentvolumeclaims",
        () -> client.persistentVolumeClaims().inNamespace(namespace));
    add(found, "configmaps", () -> client.configMaps().inNamespace(namespace));
    add(found, "secrets", () -> client.secrets().inNamespace(namespace));
    add(found, "serviceaccounts", () -> client.serviceAccounts().inNamespace(namespace));
    if (keepRedis) {
      found.removeIf(this::belongsToRedis);
    }
    return found;
  }

  private boolean belongsToRedis(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return Objects.equals(object.getMetadata().getName(), name + "-redis")
        || (labels != null && "redis".equals(labels.get(COMPONENT)));
  }

  private void add(
      List<HasMetadata> found,
      String what,
      Supplier<? extends FilterWatchListDeletable<? extends HasMetadata, ?, ?>> objects) {
    Map<String, String> labels =
        Map.of("app.kubernetes.io/name", "piecework", "app.kubernetes.io/instance", name);
    found.addAll(
        cluster.ask(
            "list",
            what,
            () -> {
              Object list = objects.get().withLabels(labels).list();
              return List.<HasMetadata>copyOf(
                  ((io.fabric8.kubernetes.api.model.KubernetesResourceList<? extends HasMetadata>)
                          list)
                      .getItems());
            }));
  }

  /** Kinds of an operator's, KEDA's or Prometheus's: a cluster without it has none. */
  private void addIfKnown(List<HasMetadata> found, String group, String version, String kind) {
    ResourceDefinitionContext context =
        new ResourceDefinitionContext.Builder()
            .withGroup(group)
            .withVersion(version)
            .withKind(kind)
            .withPlural(kind.toLowerCase(java.util.Locale.ROOT) + "s")
            .withNamespaced(true)
            .build();
    try {
      add(
          found,
          context.getPlural() + "." + group,
          () ->
              cluster
                  .client()
                  .genericKubernetesResources(context)
                  .inNamespace(cluster.namespace()));
    } catch (ClusterException no) {
      // Who has no such operator, or no rights in it, has made nothing of its kinds.
      if (no.kind() != Kind.ABSENT && no.kind() != Kind.REFUSED) {
        throw no;
      }
    }
  }
}
