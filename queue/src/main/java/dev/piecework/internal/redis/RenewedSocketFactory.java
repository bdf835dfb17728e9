package dev.piecework.internal.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Asks for each connection who makes it. */
final class RenewedSocketFactory extends SSLSocketFactory {

  private final Supplier<SSLSocketFactory> current;
  private final @Nullable String serverName;

  /**
   * @param current throws an IllegalArgumentException when there is none just now
   * @param serverName the name by which the server is asked for, and which its certificate has to
   *     be for; null for the one that it is reached by
   */
  RenewedSocketFactory(Supplier<SSLSocketFactory> current, @Nullable String serverName) {
    this.current = current;
    this.serverName = serverName;
  }

  private SSLSocketFactory now() throws IOException {
    try {
      return current.get();
    } catch (IllegalArgumentException notNow) {
      throw new IOException(notNow.getMessage()); // the file is named, and what lies below is noise
    }
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    // By this name the certificate is looked at: the one way by which a Redis client makes them.
    return now().createSocket(socket, serverName == null ? host : serverName, port, autoClose);
  }

  @Override
  public Socket createSocket() throws IOException {
    return now().createSocket();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return now().createSocket(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return now().createSocket(host, port, localHost, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return now().createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return now().createSocket(host, port, localHost, localPort);
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return current.get().getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return current.get().getSupportedCipherSuites();
  }
}
