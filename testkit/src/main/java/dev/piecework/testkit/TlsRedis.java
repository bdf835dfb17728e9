package dev.piecework.testkit;

import dev.piecework.embedded.PrivateRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A Redis that speaks TLS only, with a certificate for 127.0.0.1 and localhost that it has made
 * itself: who shall trust it is given {@link #caFile} or {@link #sslContext}.
 */
public final class TlsRedis implements AutoCloseable {
  private static final String ALIAS = "piecework";
  private static final char[] STORE_PASSWORD = "piecework".toCharArray();

  private final Path folder;
  private final KeyStore keys;
  private final TestRedis server;

  private TlsRedis(String password) throws IOException, GeneralSecurityException {
    folder = Files.createTempDirectory("piecework-tls-");
    keys = makeKeys(folder.resolve("keys.p12"));
    Key key = keys.getKey(ALIAS, STORE_PASSWORD);
    Path keyFile = folder.resolve("key.pem");
    Files.writeString(keyFile, pem("PRIVATE KEY", key.getEncoded()));
    Files.writeString(caFile(), pem("CERTIFICATE", certificate().getEncoded()));
    server =
        TestRedis.startedAs(
            PrivateRedis.builder()
                .password(password)
                .config("tls-port", "yes")
                .config("tls-cert-file", caFile().toString())
                .config("tls-key-file", keyFile.toString())
                .config("tls-ca-cert-file", caFile().toString())
                .config("tls-auth-clients", "no"));
  }

  /** Starts one without a password. Takes a second, for the key. */
  public static TlsRedis started() {
    return started("");
  }

  /** Starts one with this password. */
  public static TlsRedis started(String password) {
    try {
      return new TlsRedis(password);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot make a certificate", e);
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

  /** For clients that shall trust it, and nobody else. */
  public SSLContext sslContext() {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(ALIAS, certificate());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  private Certificate certificate() throws GeneralSecurityException {
    return keys.getCertificate(ALIAS);
  }

  /** The JDK has no API that signs a certificate, but it has a tool. */
  private static KeyStore makeKeys(Path file) throws IOException, GeneralSecurityException {
    String password = new String(STORE_PASSWORD);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", ALIAS, "-keyalg", "EC"));
    command.addAll(List.of("-dname", "CN=piecework test", "-validity", "2"));
    command.addAll(List.of("-ext", "bc:c=ca:true", "-ext", "san=ip:127.0.0.1,dns:localhost"));
    command.addAll(List.of("-keystore", file.toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", password, "-keypass", password));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("keytool failed: " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while making a key", e);
    }
    return KeyStore.getInstance(file.toFile(), STORE_PASSWORD);
  }

  private static String pem(String kind, byte[] bytes) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
  }
}
