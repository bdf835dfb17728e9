package dev.piecework.job.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a Job that runs, {@code jobs/NAME} in the state folder: {@code lock}, held while it
 * runs; {@code run}, the uid of the run, which is there until it has ended cleanly; {@code podman},
 * the same where containers are run by podman; {@code pods}, {@code logs} and {@code control}.
 */
final class RunFolder implements AutoCloseable {
  /** In the environment of every process of a run, by which what is left of it is found. */
  static final String MARK = "PIECEWORK_JOB_RUN";

  private final Path folder;
  private final FileChannel lock;
  private final Consumer<String> notices;

  private RunFolder(Path folder, FileChannel lock, Consumer<String> notices) {
    this.folder = folder;
    this.lock = lock;
    this.notices = notices;
  }

  /**
   * Takes the folder for a run, after cleaning up behind launchers that were killed.
   *
   * @return empty when a Job of that name runs already
   */
  static Optional<RunFolder> take(
      Path jobs, String name, String uid, Instant now, Consumer<String> notices)
      throws IOException, InterruptedException {
    Files.createDirectories(jobs);
    // What the manifest's Secrets hold lies below.
    Files.setPosixFilePermissions(jobs, PosixFilePermissions.fromString("rwx------"));
    cleanUp(jobs, notices);
    removeExpired(jobs, now);
    Path folder = Files.createDirectories(jobs.resolve(name));
    FileChannel lock = lock(folder);
    if (lock == null) {
      return Optional.empty();
    }
    RunFolder taken = new RunFolder(folder, lock, notices);
    // Of the run before: by it another start would remove the logs of this one.
    Files.deleteIfExists(folder.resolve("expires"));
    taken.removePods();
    delete(taken.control());
    delete(taken.logs());
    Files.createDirectories(taken.pods());
    Files.createDirectories(taken.control());
    Files.writeString(folder.resolve("run"), uid);
    return Optional.of(taken);
  }

  /** Ends what killed launchers have left, and says so. */
  private static void cleanUp(Path jobs, Consumer<String> notices)
      throws IOException, InterruptedException {
    List<Path> folders;
    try (Stream<Path> all = Files.list(jobs)) {
      folders = all.filter(f -> Files.exists(f.resolve("run"))).toList();
    }
    for (Path folder : folders) {
      try (FileChannel lock = lock(folder)) {
        if (lock == null) {
          continue; // it runs
        }
        Path run = folder.resolve("run");
        String uid = Files.readString(run);
        int containers = removeContainers(folder, notices);
        int ended = Leftovers.end(MARK + "=" + uid);
        delete(folder.resolve("pods"));
        Files.deleteIfExists(run);
        notices.accept(
            "the last run of Job %s was killed: cleaned up after it (%s)"
                .formatted(folder.getFileName(), left(ended, containers)));
      }
    }
  }

  private static int removeContainers(Path folder, Consumer<String> notices)
      throws IOException, InterruptedException {
    Path mark = folder.resolve("podman");
    if (!Files.exists(mark)) {
      return 0;
    }
    Optional<Podman> podman = Podman.find();
    if (podman.isEmpty()) {
      notices.accept(
          "podman ran containers for Job %s and is not on the PATH now: they may run on"
              .formatted(folder.getFileName()));
      return 0;
    }
    int removed = podman.get().removeAllOf(Files.readString(mark));
    Files.delete(mark);
    return removed;
  }

  private static String left(int processes, int containers) {
    List<String> left = new ArrayList<>();
    if (processes > 0) {
      left.add(processes == 1 ? "1 process ended" : processes + " processes ended");
    }
    if (containers > 0) {
      left.add(containers == 1 ? "1 container removed" : containers + " containers removed");
    }
    return left.isEmpty() ? "no process was left" : String.join(", ", left);
  }

  /** Notes that there may be containers of podman's with this uid; returns the uid. */
  String withContainersOf(String uid) throws IOException {
    Files.writeString(folder.resolve("podman"), uid);
    return uid;
  }

  private static @Nullable FileChannel lock(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock taken;
    try {
      taken = channel.tryLock();
    } catch (OverlappingFileLockException inThisProcess) {
      taken = null;
    }
    if (taken == null) {
      channel.close();
      return null;
    }
    return channel;
  }

  Path pods() {
    return folder.resolve("pods");
  }

  Path logs() {
    return folder.resolve("logs");
  }

  Path control() {
    return folder.resolve("control");
  }

  /** ttlSecondsAfterFinished: the logs go with the Job; the first start after that removes them. */
  void expireLogs(@Nullable Instant when, Instant now) throws IOException {
    if (when == null) {
      Files.deleteIfExists(folder.resolve("expires"));
    } else if (!when.isAfter(now)) {
      delete(logs());
    } else {
      Files.writeString(folder.resolve("expires"), when.toString());
    }
  }

  private static void removeExpired(Path jobs, Instant now) throws IOException {
    List<Path> folders;
    try (Stream<Path> all = Files.list(jobs)) {
      folders = all.filter(f -> Files.exists(f.resolve("expires"))).toList();
    }
    for (Path folder : folders) {
      try (FileChannel lock = lock(folder)) {
        // Whoever runs has logs of its own there.
        if (lock != null && isOver(folder.resolve("expires"), now)) {
          delete(folder.resolve("logs"));
          Files.deleteIfExists(folder.resolve("expires"));
        }
      }
    }
  }

  private static boolean isOver(Path expires, Instant now) throws IOException {
    try {
      return Files.exists(expires) && Instant.parse(Files.readString(expires)).isBefore(now);
    } catch (DateTimeParseException cutByAFullDisk) {
      return true;
    }
  }

  /** What cannot be removed is no reason to lose how the Job ended, nor not to begin one. */
  private void removePods() {
    try {
      delete(pods());
    } catch (IOException e) {
      notices.accept("cannot remove what is left of pods: " + e);
    }
  }

  /** The run has ended cleanly. Its logs stay until the next of that name. */
  @Override
  public void close() throws IOException {
    removePods();
    delete(control());
    Files.deleteIfExists(folder.resolve("podman"));
    Files.deleteIfExists(folder.resolve("run"));
    lock.close();
    MountPoints.removeUnused(jobs());
  }

  /** The folder of all Jobs. */
  Path jobs() {
    return folder.resolve("..").normalize();
  }

  /** Removes a folder with all that is in it, if it is there. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<IOException> failed = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path entered, BasicFileAttributes attributes) {
            // Programs make folders in which even their owner may not remove anything.
            boolean _ = Files.isWritable(entered) || makeOurs(entered);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return remove(file);
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException why) {
            if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
              return remove(file);
            }
            try {
              if ((Files.isReadable(file) && Files.isExecutable(file)) || !makeOurs(file)) {
                throw why;
              }
              delete(file);
            } catch (IOException e) {
              failed.add(e);
            }
            return FileVisitResult.CONTINUE;
          }

          private boolean makeOurs(Path directory) {
            try {
              Files.setPosixFilePermissions(
                  directory, PosixFilePermissions.fromString("rwx------"));
              return true;
            } catch (IOException notOurs) {
              return false;
            }
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) {
            return remove(visited);
          }

          private FileVisitResult remove(Path path) {
            try {
              Files.deleteIfExists(path);
            } catch (IOException e) {
              failed.add(e);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    if (!failed.isEmpty()) {
      throw failed.getFirst();
    }
  }
}
