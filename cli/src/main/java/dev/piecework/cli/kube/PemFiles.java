package dev.piecework.cli.kube;

import dev.piecework.TlsFiles;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.kubernetes.manifest.RedisPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Secret's files for TLS, in a folder of ours alone while they are needed. */
final class PemFiles implements AutoCloseable {

  static final PemFiles NONE = new PemFiles(null, TlsFiles.NONE);

  private final @Nullable Path folder;
  private final TlsFiles tls;

  private PemFiles(@Nullable Path folder, TlsFiles tls) {
    this.folder = folder;
    this.tls = tls;
  }

  static PemFiles of(RedisPlan.Tls tls) {
    if (tls.files().isEmpty()) {
      return NONE;
    }
    try {
      Path folder = Files.createTempDirectory("piecework-tls-"); // 0700
      for (Map.Entry<String, String> file : tls.files().entrySet()) {
        Files.writeString(folder.resolve(file.getKey()), file.getValue());
      }
      return new PemFiles(
          folder,
          new TlsFiles(file(folder, "ca.crt"), file(folder, "tls.crt"), file(folder, "tls.key")));
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    } catch (IllegalArgumentException incomplete) {
      throw Refusal.usage("the Secret of Redis: " + incomplete.getMessage(), incomplete);
    }
  }

  /** The same, for a server that is reached by another name than this one of its own. */
  PemFiles withServerName(String name) {
    return new PemFiles(folder, tls.withServerName(name));
  }

  TlsFiles tls() {
    return tls;
  }

  private static @Nullable Path file(Path folder, String name) {
    Path file = folder.resolve(name);
    return Files.exists(file) ? file : null;
  }

  @Override
  public void close() {
    Stream.of(tls.authorities(), tls.certificate(), tls.key(), folder)
        .filter(Objects::nonNull)
        .forEach(path -> {
          boolean _ = path.toFile().delete();
        });
  }
}
