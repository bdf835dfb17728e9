package dev.piecework;

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
    if (!host.equals(LocalHost.identity())) {
      return false;
    }
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        // The kernel's figure is rounded; a process started later than that is another one.
        .map(p -> Math.abs(LocalHost.startedMillis(p) - started) > 2_000)
        .orElse(true);
  }
}
