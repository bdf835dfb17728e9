package dev.piecework;

import dev.piecework.internal.host.LocalHost;
import dev.piecework.internal.host.ProcessStates;
import java.time.Duration;
import java.time.Instant;

/**
 * Who a session is, for people, and for finding out whether its process still lives.
 *
 * @param worker a name for people: host name, pod name
 * @param slots how many items it works on at once
 * @param host tells this running system from every other; see {@link #local}
 * @param pid its process there
 * @param started the process's start, since a pid is used again; the epoch if not known
 */
public record SessionInfo(String worker, int slots, String host, long pid, Instant started) {

  /** By so much the kernel may round the start of a process. */
  private static final Duration ROUNDED = Duration.ofSeconds(2);

  /** This process. */
  public static SessionInfo local(String worker, int slots) {
    ProcessHandle self = ProcessHandle.current();
    return new SessionInfo(
        worker, slots, LocalHost.identity(), self.pid(), LocalHost.started(self));
  }

  /** This process, named by its host. */
  public static SessionInfo local(int slots) {
    return local(LocalHost.name(), slots);
  }

  /** The same with another number of slots. */
  public SessionInfo withSlots(int value) {
    return new SessionInfo(worker, value, host, pid, started);
  }

  /** Whether it was a process of this running system that has ended since. */
  public boolean isKnownDead() {
    return host.equals(LocalHost.identity())
        && (ProcessStates.HERE.isDead(pid)
            || ProcessHandle.of(pid).filter(this::isAnother).isPresent());
  }

  /** A process of this number that started at another time is another one. */
  private boolean isAnother(ProcessHandle process) {
    Instant now = LocalHost.started(process);
    return !now.equals(Instant.EPOCH)
        && !started.equals(Instant.EPOCH)
        && Duration.between(started, now).abs().compareTo(ROUNDED) > 0;
  }
}
