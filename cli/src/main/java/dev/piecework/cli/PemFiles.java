package dev.piecework.cli;

import dev.piecework.TlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Secret's files for TLS, in a folder of ours alone while they are needed. */
final class PemFiles implements AutoCloseable {

  static final PemFiles NONE = new PemFiles(null, TlsFiles.NONE);

  private static final List<String> KEYS = List.of("ca.crt", "tls.crt", "tls.key");

  private final @Nullable Path folder;
  private final TlsFiles tls;

  private PemFiles(@Nullable Path folder, TlsFiles tls) {
    this.folder = folder;
    this.tls = tls;
  }

  /**
   * @param secret what is in it, by key
   */
  static PemFiles of(Map<String, String> secret) {
    if (KEYS.stream().noneMatch(secret::containsKey)) {
      return NONE;
    }
    try {
      Path folder = Files.createTempDirectory("piecework-tls-"); // 0700, so are its files ours
      for (String key : KEYS) {
        String text = secret.get(key);
        if (text != null) {
          Files.writeString(
              Files.createFile(
                  folder.resolve(key),
                  PosixFilePermissions.asFileAttribute(
                      PosixFilePermissions.fromString("rw-------"))),
              text);
        }
      }
      return new PemFiles(folder, new TlsFiles(file(folder, 0), file(folder, 1), file(folder, 2)));
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    } catch (IllegalArgumentException incomplete) {
      throw Refusal.usage("the Secret of Redis: " + incomplete.getMessage(), incomplete);
    }
  }

  private static @Nullable Path file(Path folder, int which) {
    Path file = folder.resolve(KEYS.get(which));
    return Files.exists(file) ? file : null;
  }

  TlsFiles tls() {
    return tls;
  }

  @Override
  public void close() {
    if (folder == null) {
      return;
    }
    for (String key : KEYS) {
      boolean _ = folder.resolve(key).toFile().delete();
    }
    boolean _ = folder.toFile().delete();
  }
}
