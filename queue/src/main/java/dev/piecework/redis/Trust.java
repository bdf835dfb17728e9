package dev.piecework.redis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Trust in the authorities of a PEM file, and no others. */
public final class Trust {

  private Trust() {}

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException naming the file, when it cannot be read or has no certificate
   */
  public static SSLSocketFactory in(Path pemFile) {
    try (InputStream pem = Files.newInputStream(pemFile)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int number = 0;
      for (Certificate authority :
          CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        trusted.setCertificateEntry("authority-" + number++, authority);
      }
      if (number == 0) {
        throw new IllegalArgumentException("no certificate in " + pemFile);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (IOException | GeneralSecurityException unreadable) {
      throw new IllegalArgumentException(
          "cannot read the certificates in " + pemFile + ": " + unreadable.getMessage(),
          unreadable);
    }
  }
}
