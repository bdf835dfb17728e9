package dev.piecework.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** The files of the shared Redis: one method per file. All are for their owner's eyes only. */
record StateFolder(Path path) {
  private static final Set<PosixFilePermission> OWNER_FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final SecureRandom RANDOM = new SecureRandom();

  void create() throws IOException {
    if (Files.isDirectory(path) && Files.getPosixFilePermissions(path).equals(OWNER_FOLDER)) {
      return;
    }
    Files.createDirectories(path);
    Files.setPosixFilePermissions(path, OWNER_FOLDER);
  }

  /** Locked by whoever starts or stops the server. */
  Path lock() {
    return path.resolve("lock");
  }

  /** Locked by whoever changes the server's settings for an instant. */
  Path syncLock() {
    return path.resolve("sync-lock");
  }

  /** Says which server there is, if any: a {@link ServerState}. */
  Path state() {
    return path.resolve("state");
  }

  Path config() {
    return path.resolve("redis.conf");
  }

  /** The password of the server, nothing else. */
  Path password() {
    return path.resolve("password");
  }

  /** The server's process id, written by the guard. */
  Path serverPid() {
    return path.resolve("redis.pid");
  }

  Path log() {
    return path.resolve("redis.log");
  }

  /** What the programs said before the server's log was open. */
  Path errors() {
    return path.resolve("guard.err");
  }

  Path guardScript() {
    return path.resolve("guard.sh");
  }

  /** The append-only file, or the folder of them, lies here. */
  Path data() {
    return path.resolve("data");
  }

  /** The pipe that users of this server hold open. */
  Path usagePipe(String generation) {
    return path.resolve("door-" + generation);
  }

  /** Is there as long as one may open the pipe. */
  Path open(String generation) {
    return path.resolve("open-" + generation);
  }

  Optional<String> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Puts a whole file there at once: readers see the old one or the new one. */
  void write(Path file, String text) throws IOException {
    Path part = path.resolve(file.getFileName() + ".part");
    Files.deleteIfExists(part);
    Files.createFile(part, OWNER_FILE);
    Files.writeString(part, text, StandardOpenOption.WRITE);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** An empty file, before somebody who does not think of its mode writes it. */
  Path empty(Path file) throws IOException {
    Files.deleteIfExists(file);
    return Files.createFile(file, OWNER_FILE);
  }

  /** A folder below this one. */
  static void create(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_FOLDER));
    }
  }

  static FileAttribute<?> ownerFile() {
    return OWNER_FILE;
  }

  static String randomHex(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
