package dev.piecework.cli.kube;

import dev.piecework.cli.verb.Refusal;
import dev.piecework.kubernetes.manifest.Names;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The password of a Redis in a cluster: made up once and kept in a file, since a Secret printed
 * again with another one would lock out the workers that start after it.
 */
final class KubePassword {

  private static final int BYTES = 24;

  private KubePassword() {}

  static String kept(Path stateFolder, Names names) {
    Path folder = stateFolder.resolve("kube").resolve(namespace(names.namespace()));
    Path file = folder.resolve(names.name() + ".password");
    try {
      if (!Files.exists(file)) {
        make(folder, file);
      }
      String password = Files.readString(file).strip();
      if (password.isEmpty()) {
        throw Refusal.usage(file + " should hold the password of Redis, and is empty");
      }
      return password;
    } catch (IOException unusable) {
      throw Refusal.usage(
          "the password of Redis cannot be kept in "
              + file
              + "; give one with --redis-password-file, or --redis-secret",
          unusable);
    }
  }

  /** No namespace has a name that begins with an underscore. */
  private static String namespace(@Nullable String namespace) {
    return namespace == null ? "_current" : namespace;
  }

  private static void make(Path folder, Path file) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    Path whole =
        Files.createTempFile(
            folder,
            "new",
            ".tmp",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(whole, HexFormat.of().formatHex(secret) + "\n");
      // A link appears whole, and never in the place of one that another printing made just now.
      Path _ = Files.createLink(file, whole);
    } catch (FileAlreadyExistsException another) {
      // Its password is the one.
    } finally {
      Files.deleteIfExists(whole);
    }
  }
}
