package dev.piecework.cli.selftest;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A handshake over loopback, with a certificate made for it: whether this Java can do TLS. */
final class TlsCheck {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Path folder;
  private final String password;

  /**
   * @param folder for the certificate
   */
  TlsCheck(Path folder, byte[] random) {
    this.folder = folder;
    this.password = HexFormat.of().formatHex(random);
  }

  String run() throws IOException, GeneralSecurityException, InterruptedException {
    SSLContext context = context(certificate());
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (SSLServerSocket server =
        (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 1, loopback)) {
      // It ends with the server's socket.
      var _ =
          Thread.ofVirtual()
              .start(() -> {
                try (SSLSocket peer = (SSLSocket) server.accept()) {
                  peer.setSoTimeout((int) LIMIT.toMillis());
                  peer.getOutputStream().write(peer.getInputStream().read());
                } catch (IOException broken) {
                  // The other end says what went wrong.
                }
              });
      try (SSLSocket client =
          (SSLSocket) context.getSocketFactory().createSocket(loopback, server.getLocalPort())) {
        client.setSoTimeout((int) LIMIT.toMillis());
        client.startHandshake();
        client.getOutputStream().write('!');
        if (client.getInputStream().read() != '!') {
          throw new IOException("what was sent did not come back");
        }
        SSLSession session = client.getSession();
        return session.getProtocol() + ", " + session.getCipherSuite();
      }
    }
  }

  private KeyStore certificate()
      throws IOException, GeneralSecurityException, InterruptedException {
    Path file = folder.resolve("self-test.p12");
    Path passwordFile = Files.writeString(folder.resolve("self-test.password"), password);
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-J-XX:TieredStopAtLevel=1",
                    "-genkeypair",
                    "-alias",
                    "self-test",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-validity",
                    "2",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass:file",
                    passwordFile.toString()))
            .redirectErrorStream(true)
            .start();
    keytool.getOutputStream().close();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!keytool.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      keytool.destroyForcibly();
      throw new IOException("keytool made no certificate: " + said.strip());
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password.toCharArray());
    }
    return store;
  }

  private SSLContext context(KeyStore store) throws GeneralSecurityException, IOException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password.toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("self-test", store.getCertificate("self-test"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
