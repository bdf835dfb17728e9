package dev.piecework.worker.process;

import dev.piecework.worker.internal.session.StartedProcesses;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * The processes that this JVM has started and still waits for. Whoever is process 1 of a container
 * is given the orphans of all others, and must tell the two apart: to wait for one of the JVM's own
 * would rob it of the exit status.
 */
public final class OwnProcesses {

  private OwnProcesses() {}

  /**
   * Does something while no process is being started that is not yet known.
   *
   * @param action is told whether a process id is that of one of ours
   */
  public static void whileNoneStarts(Consumer<LongPredicate> action) {
    StartedProcesses.whileNoneStarts(action);
  }
}
