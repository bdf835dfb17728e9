package dev.piecework.kubernetes.cluster;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A tunnel to each port of each pod that is asked for, made when it first is. */
public final class PodTunnels implements AutoCloseable {

  private final Cluster cluster;
  private final Map<Tunnel.End, Tunnel> tunnels = new ConcurrentHashMap<>();

  PodTunnels(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Where to connect to, on the loopback interface, for this port of this pod. */
  public int localPort(String pod, int port) {
    return tunnels
        .computeIfAbsent(new Tunnel.End(pod, port), end -> Tunnel.open(cluster, () -> end))
        .localPort();
  }

  /** Why the last connection of one of them came to nothing; null when none did. */
  public @Nullable String trouble() {
    return tunnels.values().stream()
        .map(Tunnel::trouble)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  @Override
  public void close() {
    tunnels.values().forEach(Tunnel::close);
  }
}
