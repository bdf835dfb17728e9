package dev.piecework.kubernetes.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.PortForward;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections on a loopback port and passes each on to a pod, as {@code kubectl port-forward}
 * does. Which pod is asked for each connection: when one dies its connections end, and those that
 * come after it find the next one.
 */
public final class Tunnel implements AutoCloseable {

  /** Where a connection goes to. */
  record End(String pod, int port) {}

  private final Cluster cluster;
  private final Supplier<End> end;
  private final ServerSocketChannel listening;
  private final Set<PortForward> forwards = ConcurrentHashMap.newKeySet();
  private volatile @Nullable ClusterException lastFailure;
  private volatile @Nullable PortForward latest;

  private Tunnel(Cluster cluster, Supplier<End> end, ServerSocketChannel listening) {
    this.cluster = cluster;
    this.end = end;
    this.listening = listening;
  }

  /**
   * @param end asked for each connection; throws a ClusterException when there is none now
   */
  static Tunnel open(Cluster cluster, Supplier<End> end) {
    try {
      ServerSocketChannel listening = ServerSocketChannel.open();
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Tunnel tunnel = new Tunnel(cluster, end, listening);
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
      Upgrade.require(cluster, end.get());
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
      End to = end.get();
      PortForward forward =
          cluster.ask(
              "create",
              "pods/portforward",
              () ->
                  cluster
                      .client()
                      .pods()
                      .inNamespace(cluster.namespace())
                      .withName(to.pod())
                      .portForward(to.port(), caller, caller));
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

  private static String failures(PortForward forward) {
    return forward.getClientThrowables().stream()
        .findFirst()
        .or(() -> forward.getServerThrowables().stream().findFirst())
        .map(Upgrade::said)
        .orElse("?");
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
