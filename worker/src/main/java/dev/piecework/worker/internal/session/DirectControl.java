package dev.piecework.worker.internal.session;

import dev.piecework.worker.process.SessionControl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/** Sessions whose processes this JVM starts by the system's calls. */
public final class DirectControl implements SessionControl, Watch.Watched {
  private static final int MOST_ROUNDS = 500;

  /** So many process ids are asked for one by one; a list of all processes costs as much. */
  private static final long FEW = 256;

  /** Starts at one time, for each of them holds descriptors of both sides. */
  public static final int MOST_STARTS = 4 + 2 * Runtime.getRuntime().availableProcessors();

  private final SystemCalls system;
  private final Path folder;
  private final SessionTable table;
  private final Optional<LastGuard> guard;
  private final Map<Integer, Integer> lines = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong();
  private final Semaphore starts = new Semaphore(MOST_STARTS);

  public DirectControl(SystemCalls system, Path folder) throws IOException {
    this.system = system;
    this.folder = folder;
    table = new SessionTable(system);
    try {
      guard = LastGuard.over(system, table, folder);
    } catch (IOException e) {
      table.close();
      throw e;
    }
  }

  /** The name of a file that only one process has in its environment, in the scratch folder. */
  public String nextFile() {
    return last.incrementAndGet() + ".r";
  }

  public Path path(String file) {
    return folder.resolve(file);
  }

  /** Begins a start; as many as wait for another are enough. */
  public void beginStart() {
    starts.acquireUninterruptibly();
  }

  public void endStart() {
    starts.release();
  }

  /**
   * Starts a process that does not outlive this JVM.
   *
   * @param file has its path in the process's environment
   * @param start answers with its id, which is that of its session, or with what is not above zero
   */
  public int start(String file, IntSupplier start) throws IOException {
    int line = table.add(file);
    int pid = StartedProcesses.start(start::getAsInt);
    if (pid <= 0) {
      table.remove(line);
      return pid;
    }
    lines.put(pid, line);
    try {
      table.started(line, file, pid);
    } catch (IOException e) {
      kill(pid);
      system.awaitEnd(pid);
      remove(pid);
      throw e;
    }
    return pid;
  }

  @Override
  public void add(long session) {}

  /** Its leader has ended, and was kept until now. */
  @Override
  public void remove(long session) throws IOException {
    Integer line = lines.remove((int) session);
    try {
      if (line != null) {
        table.remove(line);
      }
    } finally {
      StartedProcesses.reap(system, (int) session);
    }
  }

  @Override
  public void terminate(long session) {
    system.kill((int) -session, SystemCalls.SIGTERM);
  }

  @Override
  public void kill(long session) {
    killLeftovers(session, 0, 0);
  }

  @Override
  public boolean hasLeftovers(long session) {
    return SessionMembers.hasLeftovers(session);
  }

  /**
   * Kills what is left of a session whose leader has ended.
   *
   * @param before the last process id that was given when its leader started, or 0
   * @param after the last one given at its end
   */
  public void killLeftovers(long session, long before, long after) {
    // The group costs one call, whether there is anybody or not. As a zombie the leader keeps its
    // id, so that the group is nobody else's.
    system.kill((int) -session, SystemCalls.SIGKILL);
    // Of other groups in the session; and those may be starting more at this moment.
    for (int round = 0; round < MOST_ROUNDS; round++) {
      boolean found = false;
      if (round == 0 && SessionMembers.isRange(session, before, after, FEW)) {
        for (long pid = before + 1; pid <= after; pid++) {
          found |= killMember(pid, session);
        }
      } else {
        for (long pid : SessionMembers.all()) {
          found |= killMember(pid, session);
        }
      }
      if (!found) {
        return;
      }
    }
  }

  private boolean killMember(long pid, long session) {
    if (pid == session
        || system.session((int) pid) != (int) session
        || !SessionMembers.isMember(pid, session)) {
      return false;
    }
    system.kill((int) pid, SystemCalls.SIGKILL);
    return true;
  }

  @Override
  public void look(long nanoTime) {
    guard.ifPresent(LastGuard::look);
  }

  @Override
  public void close() {
    guard.ifPresent(LastGuard::close);
    table.close();
  }
}
