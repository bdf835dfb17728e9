package dev.piecework.kubernetes.cluster;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.PortForward;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections on a loopback port and passes each on to a pod behind a Service, as {@code
 * kubectl port-forward} does. Every connection looks for a pod that is ready then: when the pod
 * dies its connections end, and those that come after it find the next one.
 */
public final class Tunnel implements AutoCloseable {

  private final Cluster cluster;
  private final String service;
  private final int port;
  private final ServerSocketChannel listening;
  private final Set<PortForward> forwards = ConcurrentHashMap.newKeySet();
  private volatile @Nullable ClusterException lastFailure;
  private volatile @Nullable PortForward latest;

  private Tunnel(Cluster cluster, String service, int port, ServerSocketChannel listening) {
    this.cluster = cluster;
    this.service = service;
    this.port = port;
    this.listening = listening;
  }

  static Tunnel open(Cluster cluster, String service, int port) {
    try {
      ServerSocketChannel listening = ServerSocketChannel.open();
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Tunnel tunnel = new Tunnel(cluster, service, port, listening);
      Thread.ofPlatform().daemon().name("tunnel").start(tunnel::takeConnections);
      return tunnel;
    } catch (IOException none) {
      throw new ClusterException(
          ClusterException.Kind.AWAY, "no loopback port: " + none.getMessage(), none);
    }
  }

  /** Where to connect to, on the loopback interface. */
  public int localPort() {
    return listening.socket().getLocalPort();
  }

  /** Why the last connection came to nothing; null when it did not. */
  public @Nullable String trouble() {
    ClusterException failure = lastFailure;
    if (failure != null) {
      return failure.getMessage();
    }
    // Whether it is let through is known only after the call that began it.
    PortForward last = latest;
    return last == null || !last.errorOccurred() ? null : "port-forward failed: " + failures(last);
  }

  /**
   * Opens one connection and closes it again, for what becomes of it is not told to who made it.
   * That no pod is ready, or the API server is away, passes by itself: the next connection looks
   * again.
   *
   * @throws ClusterException when port-forwards are not to be had
   */
  void requireUpgrade() {
    try {
      Service there = service();
      Pod pod = readyPod(there);
      Upgrade.require(cluster, pod, portOf(there, pod));
    } catch (ClusterException no) {
      if (no.kind() == ClusterException.Kind.REFUSED) {
        throw no;
      }
    }
  }

  private void takeConnections() {
    while (listening.isOpen()) {
      try {
        SocketChannel caller = listening.accept();
        Thread.ofVirtual().name("tunnel connection").start(() -> passOn(caller));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void passOn(SocketChannel caller) {
    try {
      Service there = service();
      Pod pod = readyPod(there);
      PortForward forward =
          cluster.ask(
              "create",
              "pods/portforward",
              () ->
                  cluster
                      .client()
                      .pods()
                      .inNamespace(cluster.namespace())
                      .withName(pod.getMetadata().getName())
                      .portForward(portOf(there, pod), caller, caller));
      forwards.removeIf(one -> !one.isAlive());
      forwards.add(forward);
      latest = forward;
      if (forward.errorOccurred()) {
        throw new ClusterException(
            ClusterException.Kind.AWAY, "port-forward to pod failed: " + failures(forward));
      }
      lastFailure = null;
    } catch (ClusterException failure) {
      lastFailure = failure;
      close(caller);
    } catch (KubernetesClientException | IllegalStateException failure) {
      lastFailure =
          new ClusterException(
              ClusterException.Kind.AWAY,
              "port-forward failed: " + Explained.oneLine(String.valueOf(failure.getMessage())),
              failure);
      close(caller);
    }
  }

  private Service service() {
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

  private static String failures(PortForward forward) {
    return forward.getClientThrowables().stream()
        .findFirst()
        .or(() -> forward.getServerThrowables().stream().findFirst())
        .map(Upgrade::said)
        .orElse("?");
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

  private static void close(SocketChannel caller) {
    try {
      caller.close();
    } catch (IOException gone) {
      // Nobody is there to be told.
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException gone) {
      // It takes no more connections in any case.
    }
    for (PortForward forward : forwards) {
      try {
        forward.close();
      } catch (IOException gone) {
        // So it is closed.
      }
    }
  }
}
