package dev.piecework.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One holder of a lock file at a time, among all processes of this machine and all threads of this
 * one. The system lets go for those that die.
 */
final class FolderLock {
  /** File locks belong to the process, and refuse a second thread instead of making it wait. */
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private FolderLock() {}

  /** What is done under the lock. */
  interface Action<T> {
    T run() throws IOException;
  }

  static <T> T holding(Path file, Action<T> action) throws IOException {
    ReentrantLock thread = THREADS.computeIfAbsent(file, path -> new ReentrantLock());
    thread.lock();
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            StateFolder.ownerFile())) {
      channel.lock(); // closing the channel lets go
      return action.run();
    } finally {
      thread.unlock();
    }
  }
}
