package dev.piecework.worker.internal.spawn;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A private folder for the files that commands write as their results.
 *
 * <p>Who holds the lock file's lock owns the folder; so a folder whose owner died can be told from
 * one in use, also between containers that share it but not their process ids.
 */
public final class Scratch implements AutoCloseable {
  private static final String PREFIX = "piecework-cmd-";
  private static final String UNLOCKED_PREFIX = ".piecework-new-";

  /** Longer than a process needs from its folder to its lock, however busy the machine is. */
  private static final Duration START = Duration.ofMinutes(10);

  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  /** Belongs to the user that this process is. */
  private static final Path OURSELVES = Path.of("/proc/self");

  /** Ours are not even opened: closing any channel of a file gives up a process's locks on it. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel lock;

  private Scratch(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** A new folder, readable by its owner only; folders whose owners died are removed first. */
  public static Scratch open() throws IOException {
    IOException first = null;
    for (Path base : places()) {
      try {
        return open(base);
      } catch (IOException e) {
        if (first == null) {
          first = new IOException("no folder can be made in " + base + " (" + e + ")", e);
        }
      }
    }
    throw Objects.requireNonNull(first);
  }

  private static Scratch open(Path base) throws IOException {
    removeAbandoned(base);
    // Under a name that nobody looks for until its lock is held: else another process that starts
    // at this moment could lock it first, and take it for abandoned.
    Path unlocked =
        Files.createTempDirectory(
            base, UNLOCKED_PREFIX, PosixFilePermissions.asFileAttribute(PRIVATE));
    removeUnlocked(base, Files.getLastModifiedTime(unlocked).toInstant().minus(START));
    FileChannel lock =
        FileChannel.open(
            unlocked.resolve("lock"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    lock.lock();
    Path folder =
        base.resolve(
            PREFIX + unlocked.getFileName().toString().substring(UNLOCKED_PREFIX.length()));
    OWN.add(folder);
    return new Scratch(Files.move(unlocked, folder, StandardCopyOption.ATOMIC_MOVE), lock);
  }

  /** Whether a loop of this JVM has this folder. */
  public static boolean isOwn(Path folder) {
    return OWN.contains(folder);
  }

  public Path folder() {
    return folder;
  }

  @Override
  public void close() throws IOException {
    remove(folder);
    lock.close();
    OWN.remove(folder);
  }

  /** Where it may be, the best first: where temporary files go, then what each container has. */
  public static List<Path> places() {
    List<Path> all = new ArrayList<>();
    String asked = System.getenv().getOrDefault("TMPDIR", "");
    if (asked.startsWith("/")) {
      all.add(Path.of(asked));
    }
    all.add(Path.of(System.getProperty("java.io.tmpdir")));
    all.add(Path.of("/dev/shm"));
    return all;
  }

  private static void removeAbandoned(Path base) {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(base, PREFIX + "*")) {
      for (Path folder : found) {
        if (abandoned(folder)) {
          removeIfPossible(folder);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // It cannot be read: so nothing in it is ours.
    }
  }

  // Of processes that were killed before they had the lock: made before this, by the file system's
  // clock, and still without one.
  private static void removeUnlocked(Path base, Instant before) {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(base, UNLOCKED_PREFIX + "*")) {
      for (Path folder : found) {
        if (isPrivate(folder)
            && Files.getLastModifiedTime(folder).toInstant().isBefore(before)
            && (!isFile(folder.resolve("lock")) || abandoned(folder))) {
          removeIfPossible(folder);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // As in removeAbandoned; or another start removes it at this moment.
    }
  }

  private static void removeIfPossible(Path folder) {
    try {
      remove(folder);
    } catch (IOException e) {
      // Being removed by another start at this moment, or a command has left what we may not
      // remove: no reason to leave the others.
    }
  }

  public static boolean abandoned(Path folder) {
    Path file = folder.resolve("lock");
    if (OWN.contains(folder) || !isPrivate(folder) || !isFile(file)) {
      return false;
    }
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        @Nullable FileLock held = channel.tryLock()) {
      return held != null;
    } catch (IOException | OverlappingFileLockException e) {
      // No lock file yet: its owner is between two lines of open().
      return false;
    }
  }

  /**
   * Whether it is a folder of this user's that nobody else can have put anything into. Where
   * temporary files go, anybody may make one of such a name: with a lock that blocks whoever opens
   * it, or with links to what is to be removed in their place.
   */
  private static boolean isPrivate(Path folder) {
    try {
      Map<String, Object> found =
          Files.readAttributes(
              folder, "unix:isDirectory,uid,permissions", LinkOption.NOFOLLOW_LINKS);
      return Boolean.TRUE.equals(found.get("isDirectory"))
          && Files.getAttribute(OURSELVES, "unix:uid").equals(found.get("uid"))
          && PRIVATE.equals(found.get("permissions"));
    } catch (IOException | UnsupportedOperationException e) {
      // Gone; or a system without /proc, on which nothing is known to be ours.
      return false;
    }
  }

  private static boolean isFile(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  static void remove(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes seen) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e)
              throws IOException {
            Files.deleteIfExists(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
