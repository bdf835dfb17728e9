package dev.piecework.worker.internal.session;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the system's C library does for whoever starts processes. Process ids and descriptors are
 * the system's; a start that fails answers with a negated {@code errno} of Linux.
 */
public interface SystemCalls {
  int SIGTERM = 15;
  int SIGKILL = 9;

  /** The oldest Java with which they can be made. */
  int JAVA = 25;

  /** Where the class is that makes them: this library runs on Java that cannot load it. */
  String CLASS = "dev.piecework.worker.internal.session.CLibrary";

  /** As a system property: commands are started as where the C library cannot be called. */
  String UNUSED = "piecework.c-library.unused";

  /**
   * Those of this system.
   *
   * @return empty where there are none: Java is older than 25, or this is not Linux with glibc 2.34
   *     or newer
   */
  static Optional<SystemCalls> find() {
    if (Runtime.version().feature() < JAVA || Boolean.getBoolean(UNUSED)) {
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
   * What one thread needs to start processes, and to read what they print.
   *
   * @param environment what each of them gets, as {@code NAME=value}
   */
  Room room(List<byte[]> environment);

  /** For one thread at a time. */
  interface Room {

    /** The most bytes that {@link #read} gives at once. */
    int MOST = 1 << 14;

    /** What is started from now on runs in this folder; null for our own. */
    void in(byte @Nullable [] folder);

    /**
     * Starts a process as the leader of a session of its own, with no signal blocked, and no
     * descriptor but the three.
     *
     * @param arguments the program's absolute path, and its arguments
     * @param variables what this one gets beside the environment of all
     * @param streams descriptors of ours that become 0, 1 and 2; for one below zero it is /dev/null
     * @return its process id, which stays its own until {@link SystemCalls#reap}
     */
    int start(List<byte[]> arguments, List<byte[]> variables, int... streams);

    /**
     * Waits until some of these can be read, have ended, or (of a {@link #handle}) the process has.
     * A descriptor below zero is none.
     *
     * @param millis how long at most; below zero: without limit
     * @return a bit for each, the lowest for the first
     */
    int await(int millis, int first, int second, int third);

    /**
     * Reads what is there, waiting for something.
     *
     * @param into has room for {@link #MOST}
     * @return how much; 0 at the end
     */
    int read(int descriptor, byte[] into);
  }

  /** This process's environment, as the bytes that it was given. */
  List<byte[]> environment();

  /**
   * Waits until this child has ended, and leaves it a zombie, so that nobody gets its id.
   *
   * @return its exit code, or -n if a signal n ended it
   */
  int awaitEnd(int pid);

  /** As a shell has it: what {@link #awaitEnd} answered, with 128 + n where a signal n ended it. */
  static int status(int end) {
    return end < 0 ? 128 - end : end;
  }

  /** Whether a child of ours has ended; it stays a zombie. */
  boolean hasEnded(int pid);

  /** Lets a child go that has ended. */
  void reap(int pid);

  /**
   * Sends a signal.
   *
   * @param target a process, or a negated group
   */
  void kill(int target, int signal);

  /** The session of a process, zombies too; below zero if there is no such process. */
  int session(int pid);

  /** A pipe that no other process inherits: where it is read, and where it is written. */
  int[] pipe() throws IOException;

  /** A descriptor that can be read once this child has ended; below zero if there is none. */
  int handle(int pid);

  /** A file without a name, in memory, that is read from its start. */
  int memory() throws IOException;

  /** Writes all of it at an offset; what is read next from the descriptor stays the same. */
  void write(int descriptor, byte[] bytes, long offset) throws IOException;

  void close(int descriptor);
}
