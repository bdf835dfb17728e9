package dev.piecework.kubernetes.cluster;

import dev.piecework.kubernetes.rights.Right;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NamespaceableResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Set;

/**
 * Server-side apply: the API server keeps track of which fields are ours. A server that does not
 * know it gets the object created, or patched.
 */
final class Application {

  /** By a server that has no such patch, or has it for what is there only. */
  private static final Set<Integer> REFUSED = Set.of(404, 405, 415);

  private final Cluster cluster;

  Application(Cluster cluster) {
    this.cluster = cluster;
  }

  void apply(HasMetadata object) {
    String what = what(object);
    NamespaceableResource<HasMetadata> resource = cluster.client().resource(object);
    cluster.ask(
        "patch",
        what,
        () -> {
          try {
            return resource
                .inNamespace(cluster.namespace())
                .fieldManager(Cluster.FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply();
          } catch (KubernetesClientException failure) {
            if (!REFUSED.contains(failure.getCode())) {
              throw failure;
            }
            return createOrPatch(resource, object, what);
          }
        });
  }

  private HasMetadata createOrPatch(
      NamespaceableResource<HasMetadata> resource, HasMetadata object, String what) {
    var here = resource.inNamespace(cluster.namespace());
    try {
      return cluster.ask("create", what, here::create);
    } catch (ClusterException there) {
      if (there.kind() != ClusterException.Kind.CONFLICT) {
        throw there;
      }
      return here.patch(PatchContext.of(PatchType.JSON_MERGE), object);
    }
  }

  /** As RBAC and people name it: {@code jobs.batch/job2}. */
  static String what(HasMetadata object) {
    return Right.on(object, "").on() + "/" + object.getMetadata().getName();
  }
}
