package dev.piecework.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * Unpacks the bundled server once per user, and never runs one whose bytes are not as published.
 */
final class BundledRedis {
  /** The name says 6.2.6, the program itself says 6.2.11. */
  private static final String RESOURCE = "/redis-server-6.2.6-v5-linux-amd64";

  private static final String SHA256 =
      "1f716094e08a25faee2bc7626feb9e13464ed89018ac5c376c5e9cff06bdcf52";

  private static final long SIZE = 9_701_528;

  private BundledRedis() {}

  static Path unpacked(Map<String, String> environment) {
    Path folder = UserFolders.of(environment).cache();
    Path program = folder.resolve("redis-server-6.2.11-" + SHA256.substring(0, 12));
    try {
      // The digest was checked before it got this name; again at every start costs 100 ms.
      if (!Files.isExecutable(program) || Files.size(program) != SIZE) {
        unpack(folder, program);
        if (!Files.isExecutable(program)) {
          throw new RedisServerException(
              "no program may be run from "
                  + folder
                  + " (is it mounted with noexec?), so the bundled Redis cannot: name another folder"
                  + " in XDG_CACHE_HOME, or install Redis or Valkey");
        }
      }
      return program;
    } catch (IOException e) {
      throw new RedisServerException(
          "cannot unpack the bundled Redis to "
              + program
              + ": "
              + Reason.of(e)
              + "; name another folder in XDG_CACHE_HOME, or install Redis or Valkey",
          e);
    }
  }

  private static void unpack(Path folder, Path program) throws IOException {
    Files.createDirectories(folder);
    Path part = Files.createTempFile(folder, "redis-server-", ".part");
    try {
      try (InputStream packed = BundledRedis.class.getResourceAsStream(RESOURCE)) {
        if (packed == null) {
          throw new RedisServerException(
              "the bundled Redis is missing from the class path: install Redis or Valkey");
        }
        Files.copy(packed, part, StandardCopyOption.REPLACE_EXISTING);
      }
      String found = sha256(part);
      if (!found.equals(SHA256)) {
        throw new RedisServerException(
            "the bundled Redis has sha256 " + found + " instead of " + SHA256 + ": not run");
      }
      Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        channel.force(true); // or a power cut may leave the name with other bytes
      }
      // A rename: whoever unpacks at the same time puts the same bytes there, whole.
      Files.move(part, program, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(java.io.OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
