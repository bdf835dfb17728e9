package dev.piecework.worker.internal.session;

import dev.piecework.worker.process.OwnProcesses;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/** The processes that this JVM has started and still waits for; see {@link OwnProcesses}. */
public final class StartedProcesses {
  private static final Set<Long> OWN = ConcurrentHashMap.newKeySet();
  private static final ReadWriteLock STARTING = new ReentrantReadWriteLock();

  private StartedProcesses() {}

  /** Starts it, and knows it until the JVM has its exit status. */
  public static Process start(ProcessBuilder builder) throws IOException {
    STARTING.readLock().lock();
    try {
      Process process = builder.start();
      long pid = process.pid();
      OWN.add(pid);
      var unused = process.onExit().thenRun(() -> OWN.remove(pid));
      return process;
    } finally {
      STARTING.readLock().unlock();
    }
  }

  /** A start of a process by the C library. */
  interface Start {
    /** Its process id; not above zero if there is none. */
    int pid();
  }

  /** Starts it, and knows it until {@link #reap}. */
  public static int start(Start start) {
    STARTING.readLock().lock();
    try {
      int pid = start.pid();
      if (pid > 0) {
        OWN.add((long) pid);
      }
      return pid;
    } finally {
      STARTING.readLock().unlock();
    }
  }

  /** The exit status of one that was started so, by which it is gone. */
  static void reap(SystemCalls system, int pid) {
    // Known for longer than it is there, never for less: who is process 1 would take it.
    system.reap(pid);
    OWN.remove((long) pid);
  }

  /** Does this while none is begun that is not yet known; it is told which are ours. */
  public static void whileNoneStarts(Consumer<LongPredicate> action) {
    STARTING.writeLock().lock();
    try {
      action.accept(OWN::contains);
    } finally {
      STARTING.writeLock().unlock();
    }
  }
}
