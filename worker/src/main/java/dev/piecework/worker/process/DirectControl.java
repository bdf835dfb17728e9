package dev.piecework.worker.process;

import java.util.List;

/**
 * Signals straight from the JVM. Nobody is left to end a session when the JVM is killed: that is
 * for a container, whose processes all end with the one that it was started for.
 */
final class DirectControl implements SessionControl {
  private static final int MOST_ROUNDS = 500;

  private final SystemCalls system;

  DirectControl(SystemCalls system) {
    this.system = system;
  }

  @Override
  public void add(long session) {}

  /** Its leader has ended, and was kept until now. */
  @Override
  public void remove(long session) {
    OwnProcesses.reap(system, (int) session);
  }

  @Override
  public void terminate(long session) {
    system.kill((int) -session, SystemCalls.SIGTERM);
  }

  @Override
  public void kill(long session) {
    system.kill((int) -session, SystemCalls.SIGKILL);
    // Of other groups in the session; and those may be starting more at this moment.
    for (int round = 0; round < MOST_ROUNDS; round++) {
      List<Long> left = Sessions.members(session);
      if (left.isEmpty()) {
        return;
      }
      left.forEach(pid -> system.kill(pid.intValue(), SystemCalls.SIGKILL));
    }
  }

  @Override
  public void close() {}
}
