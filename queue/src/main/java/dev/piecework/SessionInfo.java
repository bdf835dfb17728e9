package dev.piecework;

import dev.piecework.internal.host.LocalHost;
import dev.piecework.internal.host.ProcessStates;

/**
 * Who a session is, for people, and for finding out whether its process still lives.
 *
 * @param worker a name for people: host name, pod name
 * @param slots how many items it works on at once
 * @param host tells this running system from every other; see {@link #local}
 * @param pid its process there
 * @param started the process's start, in milliseconds since the epoch: a pid is used again
 */
public record SessionInfo(String worker, int slots, String host, long pid, long started) {

  /** This process. */
  public static SessionInfo local(String worker, int slots) {
    ProcessHandle self = ProcessHandle.current();
    return new SessionInfo(
        worker, slots, LocalHost.identity(), self.pid(), LocalHost.startedMillis(self));
  }

  /** This process, named by its host. */
  public static SessionInfo local(int slots) {
    return local(LocalHost.name(), slots);
  }

  /** Whether it was a process of this running system that has ended since. */
  public boolean isKnownDead() {
    return host.equals(LocalHost.identity())
        && (ProcessStates.HERE.isDead(pid)
            || ProcessHandle.of(pid).filter(this::isAnother).isPresent());
  }

  /** The kernel's figure is rounded; a process started later than that is another one. */
  private boolean isAnother(ProcessHandle process) {
    long now = LocalHost.startedMillis(process);
    return now != 0 && started != 0 && Math.abs(now - started) > 2_000;
  }
}
