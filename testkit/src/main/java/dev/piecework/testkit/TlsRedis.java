package dev.piecework.testkit;

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
import javax.net.ssl.KeyManagerFactory;
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
  private final KeyStore clientKeys;
  private final TestRedis server;

  private TlsRedis(String password, boolean asksForCertificates)
      throws IOException, GeneralSecurityException {
    folder = Lifeline.temporaryFolder("piecework-tls-");
    keys = makeKeys(folder.resolve("keys.p12"));
    Path keyFile = folder.resolve("key.pem");
    write(keys, caFile(), keyFile);
    Path clients = caFile();
    if (asksForCertificates) {
      clients = clientCertificate();
      clientKeys = makeKeys(folder.resolve("client.p12"));
      write(clientKeys, clientCertificate(), clientKey());
    } else {
      clientKeys = keys;
    }
    server =
        TestRedis.startedAs(
            TestServer.builder()
                .password(password)
                .config("tls-port", "yes")
                .config("tls-cert-file", caFile().toString())
                .config("tls-key-file", keyFile.toString())
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

  private static TlsRedis started(String password, boolean asksForCertificates) {
    try {
      return new TlsRedis(password, asksForCertificates);
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
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(ALIAS, certificate());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      KeyManagerFactory own =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      own.init(clientKeys, STORE_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
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

  private static void write(KeyStore from, Path certificate, Path key)
      throws IOException, GeneralSecurityException {
    Key made = from.getKey(ALIAS, STORE_PASSWORD);
    Files.writeString(key, pem("PRIVATE KEY", made.getEncoded()));
    Files.writeString(certificate, pem("CERTIFICATE", from.getCertificate(ALIAS).getEncoded()));
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
