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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A server program that is carried in a jar, unpacked once per user; one whose bytes are not as
 * published is never run. Those we carry are linked statically: they need nothing of the system.
 *
 * @param resource where it is on the class path
 * @param sha256 of its bytes, in hexadecimal
 * @param size of it, in bytes
 */
record BundledRedis(String resource, String sha256, long size) {
  private static final BundledRedis X86_64 =
      new BundledRedis(
          "/redis-server-7.0.15-linux-amd64",
          "c0cdeef856b3410fd99d6ec6fc6a20302e69059b00ce5d6abab7b3e5069ea91e",
          6_103_320);
  private static final BundledRedis ARM64 =
      new BundledRedis(
          "/redis-server-7.0.15-linux-arm64",
          "d5c7ff117caf45d7dc2f59c1f956e1830438779947d66aa5647c2cdcc16eca50",
          5_236_272);

  private static final Pattern TEXT_BUSY = Pattern.compile("error[:=] ?26\\b");

  /** The one for this system, if there is one. */
  static Optional<BundledRedis> of(String os, String machine) {
    if (!os.toLowerCase(Locale.ROOT).startsWith("linux")) {
      return Optional.empty();
    }
    return switch (machine) {
      case "amd64", "x86_64" -> Optional.of(X86_64);
      case "aarch64", "arm64" -> Optional.of(ARM64);
      default -> Optional.empty();
    };
  }

  /** As its name has it. */
  String version() {
    return resource.replaceFirst("^/redis-server-", "").replaceFirst("-.*", "");
  }

  /** The program, in the cache folder of this user. */
  Path unpacked(Map<String, String> environment) {
    Path folder = UserFolders.of(environment).cache();
    Path program = folder.resolve(resource.substring(1) + "-" + sha256.substring(0, 12));
    try {
      // The digest was checked before it got this name; again at every start costs 100 ms.
      if (!Files.isExecutable(program) || Files.size(program) != size) {
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

  private void unpack(Path folder, Path program) throws IOException {
    Files.createDirectories(folder);
    Path part = Files.createTempFile(folder, "redis-server-", ".part");
    try {
      // By the loader: it is in another jar, which a named module would not look into.
      ClassLoader jars = BundledRedis.class.getClassLoader();
      try (InputStream packed = jars.getResourceAsStream(resource.substring(1))) {
        if (packed == null) {
          throw new RedisServerException(
              "the bundled Redis is missing from the class path: install Redis or Valkey");
        }
        Files.copy(packed, part, StandardCopyOption.REPLACE_EXISTING);
      }
      String found = sha256(part);
      if (!found.equals(sha256)) {
        throw new RedisServerException(
            "the bundled Redis has sha256 " + found + " instead of " + sha256 + ": not run");
      }
      Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        channel.force(true); // or a power cut may leave the name with other bytes
      }
      awaitWriters(part);
      // A rename: whoever unpacks at the same time puts the same bytes there, whole.
      Files.move(part, program, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /**
   * Waits until nobody has the program open for writing, as long as which the system does not run
   * it (ETXTBSY): a child that another thread of this process is just starting has all files of
   * ours open until it has become its own program.
   */
  static void awaitWriters(Path program) {
    for (int i = 0; i < 5_000; i++) { // for ten seconds at least
      try {
        new ProcessBuilder(program.toString(), "--version")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
        return;
      } catch (IOException refused) {
        if (!TEXT_BUSY.matcher(String.valueOf(refused.getMessage())).find()) {
          return; // whoever runs it says why
        }
        Pause.briefly();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RedisServerException("interrupted while unpacking the bundled Redis", e);
      }
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
