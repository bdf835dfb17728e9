package dev.piecework.dashboard;

import dev.piecework.TlsFiles;
import java.util.List;

/**
 * How a page is served.
 *
 * @param token what whoever opens it must know; at least 16 characters
 * @param readOnly whether nothing can be changed from it
 * @param version of this program
 */
public record DashboardConfig(Listen listen, String token, boolean readOnly, String version) {

  private static final int SHORTEST_TOKEN = 16;

  public DashboardConfig {
    if (token.length() < SHORTEST_TOKEN) {
      throw new IllegalArgumentException(
          "a token of "
              + token.length()
              + " characters can be guessed; it needs "
              + SHORTEST_TOKEN);
    }
  }

  /**
   * @param address to listen on
   * @param port 0 for any that is free
   * @param tls a certificate and its key, or {@link TlsFiles#NONE} for plain HTTP
   * @param behindProxy whether browsers come by HTTPS, through a proxy that ends TLS
   * @param hosts names under which it may be asked, beside localhost and addresses
   */
  public record Listen(
      String address, int port, TlsFiles tls, boolean behindProxy, List<String> hosts) {

    /** On this machine alone. */
    public static Listen onLoopback(int port) {
      return new Listen("127.0.0.1", port, TlsFiles.NONE, false, List.of());
    }

    /** Whether the browser uses HTTPS. */
    boolean isSecure() {
      return tls.certificate() != null || behindProxy;
    }
  }
}
