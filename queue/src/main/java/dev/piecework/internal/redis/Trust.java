package dev.piecework.internal.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust over TLS, and what to show for oneself, read from PEM files: once at first, and
 * again for each new connection, so that a program lives on when certificates are renewed in place.
 */
public final class Trust {

  /** Many times what such a file has. */
  private static final int MOST_BYTES = 16 << 20;

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");
  private static final Pattern OTHER_KEY = Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----");
  private static final char[] NO_PASSWORD = {};

  private final @Nullable Path authorities;
  private final @Nullable Path certificate;
  private final @Nullable Path key;
  private List<byte[]> read;
  private SSLSocketFactory factory;

  private Trust(@Nullable Path authorities, @Nullable Path certificate, @Nullable Path key) {
    this.authorities = authorities;
    this.certificate = certificate;
    this.key = key;
    this.read = contents();
    this.factory = made(read);
  }

  /**
   * Reads the files.
   *
   * @param authorities whom to trust; null for the JDK's
   * @param certificate null for none; goes with the key
   * @param serverName what the server's certificate must be for; null for the name it is reached by
   * @return reads them again for each connection; one that cannot be read then, or is half written,
   *     is an {@link IOException} that names it
   * @throws IllegalArgumentException naming the file, when it cannot be read or has no such thing
   */
  public static SSLSocketFactory of(
      @Nullable Path authorities,
      @Nullable Path certificate,
      @Nullable Path key,
      @Nullable String serverName) {
    Trust trust = new Trust(authorities, certificate, key);
    return new RenewedSocketFactory(trust::renewed, serverName);
  }

  /** By what the files hold now; the same as before if nothing has changed. */
  private synchronized SSLSocketFactory renewed() {
    List<byte[]> now = contents();
    boolean same = true;
    for (int i = 0; i < now.size(); i++) {
      same &= Arrays.equals(now.get(i), read.get(i));
    }
    if (!same) {
      factory = made(now);
      read = now;
    }
    return factory;
  }

  /** Of authorities, certificate and key; empty where there is no such file. */
  private List<byte[]> contents() {
    return List.of(
        contents(authorities, "the certificates"),
        contents(certificate, "the certificates"),
        contents(key, "the key"));
  }

  private static byte[] contents(@Nullable Path file, String what) {
    try {
      return file == null ? new byte[0] : read(file);
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          "cannot read " + what + " in " + file + ": " + unreadable.getMessage(), unreadable);
    }
  }

  private SSLSocketFactory made(List<byte[]> contents) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          shown(certificate, key, contents), trusted(authorities, contents.getFirst()), null);
      return context.getSocketFactory();
    } catch (IOException | GeneralSecurityException impossible) {
      throw new IllegalArgumentException(
          "cannot use the TLS files: " + impossible.getMessage(), impossible);
    }
  }

  private static TrustManager @Nullable [] trusted(@Nullable Path authorities, byte[] pem)
      throws IOException, GeneralSecurityException {
    if (authorities == null) {
      return null;
    }
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    int number = 0;
    for (Certificate authority : certificates(authorities, pem)) {
      trusted.setCertificateEntry("authority-" + number++, authority);
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    return managers.getTrustManagers();
  }

  private static KeyManager @Nullable [] shown(
      @Nullable Path certificate, @Nullable Path key, List<byte[]> contents)
      throws IOException, GeneralSecurityException {
    if (certificate == null || key == null) {
      return null;
    }
    Certificate[] chain = certificates(certificate, contents.get(1)).toArray(Certificate[]::new);
    KeyStore own = KeyStore.getInstance(KeyStore.getDefaultType());
    own.load(null, null);
    try {
      String algorithm = chain[0].getPublicKey().getAlgorithm();
      own.setKeyEntry("own", privateKey(key, contents.get(2), algorithm), NO_PASSWORD, chain);
    } catch (GeneralSecurityException wrong) {
      throw new IllegalArgumentException(
          "the key in " + key + " is not that of the certificate in " + certificate, wrong);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(own, NO_PASSWORD);
    return managers.getKeyManagers();
  }

  private static List<Certificate> certificates(Path file, byte[] pem) {
    try {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      if (all.isEmpty()) {
        throw new IllegalArgumentException("no certificate in " + file);
      }
      return List.copyOf(all);
    } catch (GeneralSecurityException unreadable) {
      throw new IllegalArgumentException(
          "cannot read the certificates in " + file + ": " + unreadable.getMessage(), unreadable);
    }
  }

  // Nothing of a key's text is ever in a message.
  private static PrivateKey privateKey(Path file, byte[] contents, String algorithm)
      throws GeneralSecurityException {
    String text = new String(contents, ISO_8859_1);
    Matcher pem = KEY.matcher(text);
    if (!pem.find()) {
      Matcher other = OTHER_KEY.matcher(text);
      throw new IllegalArgumentException(
          other.find()
              ? file
                  + " has a "
                  + other.group(1)
                  + "; make it an unencrypted PRIVATE KEY with: openssl pkcs8 -topk8 -nocrypt"
              : "no private key in " + file);
    }
    byte[] encoded;
    try {
      encoded = Base64.getMimeDecoder().decode(pem.group(1));
    } catch (IllegalArgumentException broken) {
      throw new IllegalArgumentException("the private key in " + file + " is no Base64");
    }
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  private static byte[] read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IOException("it is longer than " + MOST_BYTES + " bytes");
      }
      return bytes;
    }
  }
}
