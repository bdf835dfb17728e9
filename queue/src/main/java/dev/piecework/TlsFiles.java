package dev.piecework;

import dev.piecework.internal.redis.Trust;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What TLS needs beyond the JDK's own authorities, for {@code rediss://}. All are PEM files.
 *
 * @param authorities whom to trust, and nobody else; null for the JDK's
 * @param certificate this client's certificate and those above it, or null; it goes with the key
 * @param key its private key, unencrypted, in PKCS #8 ({@code BEGIN PRIVATE KEY}), or null
 */
public record TlsFiles(@Nullable Path authorities, @Nullable Path certificate, @Nullable Path key) {

  /** The JDK's authorities, and no certificate of one's own. */
  public static final TlsFiles NONE = new TlsFiles(null, null, null);

  public TlsFiles {
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException(
          "a client certificate and its key go together; the "
              + (key == null ? "key" : "certificate")
              + " is missing");
    }
  }

  /**
   * Reads them, as opening a queue does.
   *
   * @throws IllegalArgumentException naming the file, when one cannot be read or has no such thing
   */
  public void requireUsable() {
    Objects.requireNonNull(Trust.of(authorities, certificate, key));
  }
}
