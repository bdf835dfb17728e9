package dev.piecework.worker.process;

import dev.piecework.worker.internal.session.SessionMembers;

/** Which processes belong to a session. Where there is no /proc, nobody is found. */
public final class Sessions {

  private Sessions() {}

  /** The last process id given in this pid namespace, or 0 if the system does not tell. */
  public static long lastPid() {
    return SessionMembers.lastPid();
  }

  /**
   * Whether the session has a living process but its leader.
   *
   * @param before the {@link #lastPid} before the leader was started
   * @param after the {@link #lastPid} now: only ids given in between are looked at, where few were
   */
  public static boolean hasLeftovers(long session, long before, long after) {
    return SessionMembers.hasLeftovers(session, before, after);
  }
}
