package dev.piecework.dashboard;

import dev.piecework.dashboard.DashboardConfig.Listen;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** A port that speaks HTTPS, with a certificate and a key from PEM files. */
final class TlsPort {

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

  private TlsPort() {}

  static Connector of(Server jetty, HttpConfiguration http, Listen listen) {
    Path certificate = Objects.requireNonNull(listen.tls().certificate());
    Path key = Objects.requireNonNull(listen.tls().key());
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setKeyStore(keyStore(certificate, key));
    tls.setKeyStorePassword("");
    HttpConfiguration secure = new HttpConfiguration(http);
    // The gate decides by which name it may be asked.
    secure.addCustomizer(new SecureRequestCustomizer(false));
    ServerConnector connector =
        new ServerConnector(
            jetty, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(secure));
    connector.setHost(listen.address());
    connector.setPort(listen.port());
    return connector;
  }

  private static KeyStore keyStore(Path certificate, Path key) {
    try {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(certificate)))
              .toArray(Certificate[]::new);
      if (chain.length == 0) {
        throw new IllegalArgumentException("there is no certificate in " + certificate);
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("page", key(key), new char[0], chain);
      return store;
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          "cannot read " + certificate + " or " + key + ": " + unreadable.getMessage(), unreadable);
    } catch (GeneralSecurityException unusable) {
      throw new IllegalArgumentException(
          "the certificate in " + certificate + " cannot be used: " + unusable.getMessage(),
          unusable);
    }
  }

  private static PrivateKey key(Path file) throws IOException {
    Matcher pem = KEY.matcher(Files.readString(file));
    if (!pem.find()) {
      throw new IllegalArgumentException(
          "there is no unencrypted key in PKCS #8 (BEGIN PRIVATE KEY) in " + file);
    }
    PKCS8EncodedKeySpec encoded =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (GeneralSecurityException another) {
        // Its algorithm is written inside, and only the right factory reads it.
      }
    }
    throw new IllegalArgumentException("the key in " + file + " is of no kind that is known");
  }
}
