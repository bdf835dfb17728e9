package dev.piecework.worker.process;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What the system's C library does for whoever starts processes without a shell. Process ids and
 * descriptors are the system's; a failed call answers with a negated {@code errno} of Linux.
 */
interface SystemCalls {
  int SIGTERM = 15;
  int SIGKILL = 9;

  int ENOENT = 2;
  int E2BIG = 7;
  int ENOEXEC = 8;
  int EAGAIN = 11;
  int ENOMEM = 12;
  int EACCES = 13;
  int ENOSPC = 28;

  /** The oldest Java with which they can be made. */
  int JAVA = 25;

  /** As programs say it. */
  static String message(int errno) {
    return switch (errno) {
      case ENOENT -> "No such file or directory";
      case EACCES -> "Permission denied";
      case ENOEXEC -> "Exec format error";
      case E2BIG -> "Argument list too long";
      case EAGAIN -> "Resource temporarily unavailable";
      case ENOMEM -> "Cannot allocate memory";
      case ENOSPC -> "No space left on device";
      default -> "error " + errno;
    };
  }

  /** Where the class is that makes them: this library runs on Java that cannot load it. */
  String CLASS = "dev.piecework.worker.process.CLibrary";

  /**
   * Those of this system.
   *
   * @return empty where there are none: Java is older than 25, or this is not Linux with glibc 2.34
   *     or newer
   */
  static Optional<SystemCalls> find() {
    if (Runtime.version().feature() < JAVA) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Class.forName(CLASS)
              .asSubclass(SystemCalls.class)
              .getDeclaredConstructor()
              .newInstance());
    } catch (ReflectiveOperationException | LinkageError elsewhere) {
      return Optional.empty();
    }
  }

  /**
   * Prepares starts of commands whose three streams are always these files; the last two are made
   * if they are not there, and appended to.
   *
   * @param names of variables that each start gives, so that none is inherited
   */
  Launcher launcher(String in, String out, String err, List<String> names);

  /** Starts processes, one at a time, for one thread. */
  interface Launcher extends AutoCloseable {

    /**
     * Starts one as the leader of a session of its own, with no signal ignored or blocked, and no
     * descriptor but the three.
     *
     * @param arguments the program's absolute path, and its arguments
     * @param variables {@code NAME=value}, beside those of this process
     * @return its process id, which stays its own until {@link #reap}
     */
    int start(List<byte[]> arguments, List<byte[]> variables);

    @Override
    void close();
  }

  /**
   * Waits until this child has ended, and leaves it a zombie, so that nobody gets its id.
   *
   * @return its exit code, or 128 + n if a signal n ended it
   */
  int awaitEnd(int pid);

  /** Lets a child go that has ended. */
  void reap(int pid);

  /**
   * Sends a signal.
   *
   * @param target a process, or a negated group
   */
  void kill(int target, int signal);

  /** A pipe that no other process inherits: where it is read, and where it is written. */
  int[] pipe() throws IOException;

  void close(int descriptor);
}
