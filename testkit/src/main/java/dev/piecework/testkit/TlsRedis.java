package dev.piecework.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/**
 * A Redis that speaks TLS only, with a certificate for 127.0.0.1 and localhost that it has made
 * itself: who shall trust it is given {@link #caFile} or {@link #sslContext}.
 */
public final class TlsRedis implements AutoCloseable {
  private final Path folder;
  private final TestKeys clientKeys;
  private final TestRedis server;
  private final String password;
  private TestKeys keys;
  private int renewals;

  private TlsRedis(String password, boolean asksForCertificates, String... names)
      throws IOException {
    this.password = password;
    folder = ExitCleanup.temporaryFolder("piecework-tls-");
    keys = TestKeys.made(folder.resolve("keys.p12"), names);
    keys.write(caFile(), keyFile());
    Path clients = caFile();
    if (asksForCertificates) {
      clients = clientCertificate();
      clientKeys = TestKeys.made(folder.resolve("client.p12"));
      clientKeys.write(clientCertificate(), clientKey());
    } else {
      clientKeys = keys;
    }
    server =
        TestRedis.startedAs(
            TestServer.builder()
                .password(password)
                .config("tls-port", "yes")
                .config("tls-cert-file", caFile().toString())
                .config("tls-key-file", keyFile().toString())
                .config("tls-ca-cert-file", clients.toString())
                .config("tls-auth-clients", asksForCertificates ? "yes" : "no"));
  }

  /** Starts one without a password. Takes a second, for the key. */
  public static TlsRedis started() {
    return started("");
  }

  /** Starts one with this password. */
  public static TlsRedis started(String password) {
    return started(password, false);
  }

  /** One with this password that talks only to who shows {@link #clientCertificate}. */
  public static TlsRedis askingForCertificates(String password) {
    return started(password, true);
  }

  /** One with this password whose certificate is for a host of this name, too. */
  public static TlsRedis named(String name, String password) {
    return started(password, false, name);
  }

  private static TlsRedis started(String password, boolean asksForCertificates, String... names) {
    try {
      return new TlsRedis(password, asksForCertificates, names);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code rediss://[:password@]127.0.0.1:port}. */
  public String uri() {
    return server.uri();
  }

  public int port() {
    return server.port();
  }

  /** The authority to trust, as PEM. */
  public Path caFile() {
    return folder.resolve("ca.pem");
  }

  /** The certificate that clients have to show, as PEM, where it is asked for. */
  public Path clientCertificate() {
    return folder.resolve("client.pem");
  }

  /** Its private key, as PEM. */
  public Path clientKey() {
    return folder.resolve("client-key.pem");
  }

  /** For clients that shall trust it, and nobody else; with the certificate that it asks for. */
  public SSLContext sslContext() {
    return keys.trusting(clientKeys);
  }

  /**
   * Another authority, certificate and key, in the same files: the server has them from now on, and
   * all its connections are closed.
   */
  public void renew() {
    try (Jedis admin = admin()) {
      keys = TestKeys.made(folder.resolve("keys-" + ++renewals + ".p12"));
      keys.write(caFile(), keyFile());
      admin.configSet(
          Map.of("tls-cert-file", caFile().toString(), "tls-key-file", keyFile().toString()));
      admin.clientKill(ClientKillParams.clientKillParams().type(ClientType.NORMAL));
    }
  }

  /** Ends the connections of all clients. */
  public void closeConnections() {
    try (Jedis admin = admin()) {
      admin.clientKill(ClientKillParams.clientKillParams().type(ClientType.NORMAL));
    }
  }

  /** A connection that is made already, with what its certificate is now. */
  @SuppressWarnings("deprecation") // SslOptions takes key stores from files only
  private Jedis admin() {
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder()
            .ssl(true)
            .sslSocketFactory(sslContext().getSocketFactory());
    if (!password.isEmpty()) {
      config.password(password);
    }
    Jedis admin =
        new Jedis(
            new HostAndPort("127.0.0.1", port()),
            config.timeoutMillis(TestRedis.PATIENCE_MILLIS).build());
    admin.ping();
    return admin;
  }

  @Override
  public void close() {
    server.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The server's private key, as PEM. */
  Path keyFile() {
    return folder.resolve("key.pem");
  }
}
