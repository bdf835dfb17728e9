package dev.piecework.job.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Changes a Job that another process runs: a file {@code ID.change} in its control folder, which
 * the runner removes when it has taken it.
 */
public final class JobControl implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String SUFFIX = ".change";

  private final WatchService watch;

  private JobControl(WatchService watch) {
    this.watch = watch;
  }

  /**
   * Asks the runner of a Job for a change, and waits until it has taken it.
   *
   * @return false when no Job of that name runs
   */
  public static boolean send(Path stateFolder, String job, JobChange change)
      throws IOException, InterruptedException {
    Path folder = JobRun.jobs(stateFolder).resolve(job);
    Path control = folder.resolve("control");
    if (!isHeld(folder.resolve("lock")) || !Files.isDirectory(control)) {
      return false;
    }
    try (WatchService watch = control.getFileSystem().newWatchService()) {
      control.register(watch, StandardWatchEventKinds.ENTRY_DELETE);
      String id = UUID.randomUUID().toString();
      Path written = Files.writeString(control.resolve(id + ".new"), change.line());
      Path file = control.resolve(id + SUFFIX);
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
      long until = System.nanoTime() + TIMEOUT.toNanos();
      while (Files.exists(file)) {
        long left = until - System.nanoTime();
        WatchKey key = left <= 0 ? null : watch.poll(left, TimeUnit.NANOSECONDS);
        if (key == null) {
          Files.deleteIfExists(file);
          throw new IOException("Job " + job + " does not answer");
        }
        key.pollEvents();
        boolean _ = key.reset();
      }
      return true;
    }
  }

  /** The names of the Jobs that run now. */
  public static List<String> running(Path stateFolder) throws IOException {
    return runningIn(JobRun.jobs(stateFolder));
  }

  static List<String> runningIn(Path jobs) throws IOException {
    if (!Files.isDirectory(jobs)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(jobs)) {
      return all.filter(f -> isHeld(f.resolve("lock")))
          .map(f -> f.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static boolean isHeld(Path lock) {
    if (!Files.exists(lock)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        var taken = channel.tryLock()) {
      return taken == null;
    } catch (IOException | IllegalStateException heldByThisProcess) {
      return true;
    }
  }

  /** Tells the changes that arrive in this folder until it is closed. */
  static JobControl listen(Path folder, Consumer<JobChange> changes) throws IOException {
    WatchService watch = folder.getFileSystem().newWatchService();
    folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
    Thread.ofPlatform()
        .daemon()
        .name("control")
        .start(() -> {
          try {
            while (true) {
              WatchKey key = watch.take();
              key.pollEvents();
              take(folder, changes);
              boolean _ = key.reset();
            }
          } catch (InterruptedException | ClosedWatchServiceException | IOException over) {
            // The run is over.
          }
        });
    return new JobControl(watch);
  }

  private static void take(Path folder, Consumer<JobChange> changes) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(f -> f.toString().endsWith(SUFFIX)).toList();
    }
    for (Path file : files) {
      JobChange.parse(Files.readString(file)).ifPresent(changes);
      Files.deleteIfExists(file);
    }
  }

  @Override
  public void close() throws IOException {
    watch.close();
  }
}
