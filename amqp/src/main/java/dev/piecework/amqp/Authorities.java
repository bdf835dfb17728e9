package dev.piecework.amqp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whom to trust over TLS. */
final class Authorities {

  private Authorities() {}

  /**
   * A context that trusts the certificates of this file and nobody else.
   *
   * @param file in PEM; null for the JDK's own authorities
   * @throws IllegalArgumentException naming the file, when it cannot be read or has no such thing
   */
  static SSLContext trusted(@Nullable Path file) {
    try {
      if (file == null) {
        return SSLContext.getDefault();
      }
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int number = 0;
      for (Certificate one : certificates(file)) {
        trusted.setCertificateEntry("authority-" + number++, one);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException unreadable) {
      throw new IllegalArgumentException("cannot read " + file, unreadable);
    } catch (GeneralSecurityException unusable) {
      throw new IllegalArgumentException(
          "cannot use the certificates in " + file + ": " + unusable.getMessage(), unusable);
    }
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      var all = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (all.isEmpty()) {
        throw new IllegalArgumentException("no certificate in " + file);
      }
      return all;
    }
  }
}
