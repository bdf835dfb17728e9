package dev.piecework.kubernetes.cluster;

import dev.piecework.kubernetes.cluster.ClusterException.Kind;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import java.net.URI;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Whether the API server makes a port-forward of a GET, as it is asked to. */
final class Upgrade {

  private static final long LONGEST_SECONDS = 15;

  private Upgrade() {}

  /**
   * Asks for one and lets it go.
   *
   * @throws ClusterException that it is refused; or of kind AWAY when it came to nothing otherwise
   */
  static void require(Cluster cluster, Tunnel.End to) {
    KubernetesClient client = cluster.client();
    String path =
        "api/v1/namespaces/"
            + cluster.namespace()
            + "/pods/"
            + to.pod()
            + "/portforward?ports="
            + to.port();
    String master = client.getMasterUrl().toString();
    URI uri = URI.create(master + (master.endsWith("/") ? "" : "/") + path);
    try {
      WebSocket open =
          client
              .getHttpClient()
              .newWebSocketBuilder()
              .uri(uri)
              .subprotocol("v4.channel.k8s.io")
              .connectTimeout(LONGEST_SECONDS, TimeUnit.SECONDS)
              .buildAsync(new WebSocket.Listener() {})
              .orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS)
              .join();
      boolean _ = open.sendClose(1000, "");
    } catch (CompletionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw new ClusterException(
          isFinal(cause) ? Kind.REFUSED : Kind.AWAY,
          "port-forward to pod " + to.pod() + " failed: " + said(cause),
          failed);
    }
  }

  /** Whether another try would be answered the same. */
  private static boolean isFinal(Throwable failure) {
    return code(failure) >= 400 && code(failure) < 500 && code(failure) != 429;
  }

  /** 0 when the failure is no answer of an API server. */
  private static int code(Throwable failure) {
    return failure instanceof WebSocketHandshakeException no ? no.getResponse().code() : 0;
  }

  /** For people. */
  static String said(Throwable failure) {
    return switch (code(failure)) {
      case 0 -> Explained.oneLine(String.valueOf(failure.getMessage()));
      case 401 -> "the credentials are not accepted (401)";
      case 403 ->
          "not permitted (403): it takes get and create on pods/portforward, or --redis-from-here";
      default ->
          "the API server, or a proxy before it, answered "
              + code(failure)
              + " to a request for a web socket";
    };
  }
}
