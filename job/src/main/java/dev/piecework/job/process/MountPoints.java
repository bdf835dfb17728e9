package dev.piecework.job.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What had to be made on this machine to have something to mount volumes on: empty folders and
 * files in those folders that pods write to, as {@code /tmp}, which must stay the same folder for
 * them. They are noted beside the Jobs, and removed when no Job runs any more.
 */
final class MountPoints {
  private static final int STICKY = 01000;
  private static final Object ONE_AT_A_TIME = new Object();

  private MountPoints() {}

  /** Makes what a plan lacks in such folders; whether it made anything. */
  static boolean make(Path jobs, MountPlan plan) throws IOException {
    List<MountPlan.Missing> missing = new ArrayList<>();
    for (Path folder : plan.lacking()) {
      if (isWrittenTo(folder)) {
        missing.addAll(plan.missingIn(folder));
      }
    }
    if (missing.isEmpty()) {
      return false;
    }
    locked(
        jobs,
        () -> {
          for (MountPlan.Missing one : missing) {
            make(jobs, one);
          }
        });
    return true;
  }

  private static void make(Path jobs, MountPlan.Missing missing) throws IOException {
    List<Path> upwards = new ArrayList<>();
    Path path = missing.path();
    while (!Files.exists(path)) {
      upwards.add(path);
      path = path.resolve("..").normalize();
    }
    Collections.reverse(upwards);
    for (Path one : upwards) {
      // Noted first: what is noted and not there does no harm.
      Files.writeString(
          list(jobs), one + "\0", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      try {
        if (missing.folder() || !one.equals(missing.path())) {
          Files.createDirectory(one);
        } else {
          Files.createFile(one);
        }
      } catch (FileAlreadyExistsException byAnother) {
        // As good.
      }
    }
  }

  /** Removes them all, if no Job runs that may need one, and nobody has put anything there. */
  static void removeUnused(Path jobs) throws IOException {
    if (!Files.exists(list(jobs))) {
      return;
    }
    locked(
        jobs,
        () -> {
          if (!JobControl.runningIn(jobs).isEmpty()) {
            return;
          }
          List<String> all = new ArrayList<>(List.of(Files.readString(list(jobs)).split("\0", -1)));
          Collections.reverse(all);
          List<String> kept = new ArrayList<>();
          for (String made : all) {
            if (made.isEmpty()) {
              continue; // after the last
            }
            Path path = Path.of(made);
            try {
              if (Files.isDirectory(path) || (Files.exists(path) && Files.size(path) == 0)) {
                Files.delete(path);
              }
            } catch (DirectoryNotEmptyException used) {
              // It is somebody's now.
            } catch (IOException refused) {
              // No fault of the Job's, which may be Complete. The next that ends tries again.
              kept.addFirst(made);
            }
          }
          if (kept.isEmpty()) {
            Files.delete(list(jobs));
          } else {
            Files.writeString(list(jobs), String.join("\0", kept) + "\0");
          }
        });
  }

  private static Path list(Path jobs) {
    return jobs.resolve("mountpoints");
  }

  /**
   * Whether pods may make something there, so that a read-only folder in its place would not do.
   * Root may write anywhere; of its folders, those that are everybody's or its own work's.
   */
  private static boolean isWrittenTo(Path folder) throws IOException {
    if (folder.getNameCount() == 0 || !Files.isWritable(folder)) {
      return false;
    }
    if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
      return true;
    }
    int mode = (Integer) Files.getAttribute(folder, "unix:mode");
    return (mode & STICKY) != 0
        || isBelow(folder, System.getProperty("user.home", ""))
        || isBelow(folder, System.getProperty("user.dir", ""));
  }

  private static boolean isBelow(Path folder, String other) {
    return other.length() > 1 && folder.startsWith(Path.of(other));
  }

  private interface Action {
    void run() throws IOException;
  }

  private static void locked(Path jobs, Action action) throws IOException {
    synchronized (ONE_AT_A_TIME) {
      try (FileChannel channel =
              FileChannel.open(
                  jobs.resolve("mountpoints.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var _ = channel.lock()) {
        action.run();
      }
    }
  }
}
