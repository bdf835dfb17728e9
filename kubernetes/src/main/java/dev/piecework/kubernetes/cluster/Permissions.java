package dev.piecework.kubernetes.cluster;

import dev.piecework.kubernetes.cluster.ClusterException.Kind;
import dev.piecework.kubernetes.rights.Right;
import dev.piecework.kubernetes.rights.Rights;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Asks the API server what we may do, before it is done. */
final class Permissions {

  private final Cluster cluster;

  Permissions(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Those of these rights that we do not have; what cannot be asked counts as permitted. */
  SortedSet<Right> missing(Collection<Right> rights) {
    SortedSet<Right> missing = new ConcurrentSkipListSet<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Right right : rights) {
        threads.execute(() -> {
          if (isRefused(right)) {
            missing.add(right);
          }
        });
      }
    }
    return new TreeSet<>(missing);
  }

  private boolean isRefused(Right right) {
    String[] resource = right.resource().split("/", 2);
    SelfSubjectAccessReview question =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withNamespace(cluster.namespace())
            .withGroup(right.group())
            .withVerb(right.verb())
            .withResource(resource[0])
            .withSubresource(resource.length > 1 ? resource[1] : null)
            .endResourceAttributes()
            .endSpec()
            .build();
    try {
      SelfSubjectAccessReview answer =
          cluster.client().authorization().v1().selfSubjectAccessReview().create(question);
      return answer.getStatus() != null && Boolean.FALSE.equals(answer.getStatus().getAllowed());
    } catch (KubernetesClientException unanswered) {
      return false;
    }
  }

  /** Says all that is missing in one line, if anything is. */
  void refuse(SortedSet<Right> missing) {
    if (missing.isEmpty()) {
      return;
    }
    boolean forward =
        missing.stream().anyMatch(right -> right.resource().equals("pods/portforward"));
    throw new ClusterException(
        Kind.REFUSED,
        "no permission in namespace '"
            + cluster.namespace()
            + "': you may not "
            + Rights.shown(missing)
            + "; piecework kube rbac prints a Role that permits it"
            + (forward ? "; without a port-forward, say --redis-from-here" : ""));
  }
}
