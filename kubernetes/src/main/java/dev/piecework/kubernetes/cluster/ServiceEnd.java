package dev.piecework.kubernetes.cluster;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The pod behind a Service that is ready now. */
final class ServiceEnd implements Supplier<Tunnel.End> {

  private final Cluster cluster;
  private final String service;
  private final int port;

  ServiceEnd(Cluster cluster, String service, int port) {
    this.cluster = cluster;
    this.service = service;
    this.port = port;
  }

  @Override
  public Tunnel.End get() {
    Service there = there();
    Pod pod = readyPod(there);
    return new Tunnel.End(pod.getMetadata().getName(), portOf(there, pod));
  }

  private Service there() {
    @Nullable Service there =
        cluster.<@Nullable Service>ask(
            "get",
            "services/" + service,
            () ->
                cluster
                    .client()
                    .services()
                    .inNamespace(cluster.namespace())
                    .withName(service)
                    .get());
    if (there == null) {
      throw new ClusterException(
          ClusterException.Kind.ABSENT, "there is no service '" + service + "'");
    }
    return there;
  }

  private Pod readyPod(Service there) {
    return cluster
        .ask(
            "list",
            "pods",
            () ->
                cluster
                    .client()
                    .pods()
                    .inNamespace(cluster.namespace())
                    .withLabels(there.getSpec().getSelector())
                    .list()
                    .getItems())
        .stream()
        .filter(PodGroup::isReady)
        .findFirst()
        .orElseThrow(() ->
            new ClusterException(
                ClusterException.Kind.AWAY, "no pod of service '" + service + "' is ready"));
  }

  /** The container's port behind the Service's: the same number unless it says otherwise. */
  private int portOf(Service there, Pod pod) {
    for (ServicePort known : there.getSpec().getPorts()) {
      IntOrString target = known.getTargetPort();
      if (known.getPort() != port || target == null) {
        continue;
      }
      Integer number = target.getIntVal();
      String name = target.getStrVal();
      if (number != null && number > 0) {
        return number;
      }
      for (var container : pod.getSpec().getContainers()) {
        for (var open : container.getPorts()) {
          if (name != null && name.equals(open.getName())) {
            return open.getContainerPort();
          }
        }
      }
    }
    return port;
  }
}
