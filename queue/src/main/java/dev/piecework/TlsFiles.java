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
 * @param serverName what the server's certificate must be for, where that is reached by another
 *     name than its own, as through a tunnel; null for the name in the URL
 */
public record TlsFiles(
    @Nullable Path authorities,
    @Nullable Path certificate,
    @Nullable Path key,
    @Nullable String serverName) {

  /** The JDK's authorities, and no certificate of one's own. */
  public static final TlsFiles NONE = new TlsFiles(null, null, null);

  /** For a server that is reached by its own name. */
  public TlsFiles(@Nullable Path authorities, @Nullable Path certificate, @Nullable Path key) {
    this(authorities, certificate, key, null);
  }

  public TlsFiles {
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException(
          "a client certificate and its key go together; the "
              + (key == null ? "key" : "certificate")
              + " is missing");
    }
  }

  /** The same, of a server whose certificate must be for this name. */
  public TlsFiles withServerName(@Nullable String name) {
    return new TlsFiles(authorities, certificate, key, name);
  }

  /**
   * Reads them, as opening a queue does.
   *
   * @throws IllegalArgumentException naming the file, when one cannot be read or has no such thing
   */
  public void requireUsable() {
    Objects.requireNonNull(Trust.of(authorities, certificate, key, serverName));
  }
}
