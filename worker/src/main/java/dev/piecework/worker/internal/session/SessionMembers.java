package dev.piecework.worker.internal.session;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which processes belong to a session, read from /proc. Where there is none, nobody is found.
 *
 * <p>Looking at every process after every item would cost as much as the item. The kernel tells the
 * last process id that it gave: only ids given while the command ran can be its leftovers, and on a
 * quiet machine those are a handful.
 */
public final class SessionMembers {
  private static final long FEW = 64;

  // Looked at after every item: it stays open, and each read from its start is made anew. No
  // channel, for an interrupt would close it.
  private static final @Nullable RandomAccessFile LOAD = open();

  private SessionMembers() {}

  /** The last process id given in this pid namespace, or 0 if the system does not tell. */
  public static long lastPid() {
    if (LOAD == null) {
      return 0;
    }
    try {
      byte[] line = new byte[128];
      int end;
      synchronized (LOAD) {
        LOAD.seek(0);
        end = LOAD.read(line);
      }
      while (end > 0 && (line[end - 1] < '0' || line[end - 1] > '9')) {
        end--;
      }
      int begin = end;
      while (begin > 0 && line[begin - 1] != ' ') {
        begin--;
      }
      return Long.parseLong(new String(line, begin, end - begin, StandardCharsets.US_ASCII));
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      return 0;
    }
  }

  private static @Nullable RandomAccessFile open() {
    try {
      return new RandomAccessFile("/proc/loadavg", "r");
    } catch (IOException elsewhere) {
      return null;
    }
  }

  /** Whether the session has a living process but its leader, of those begun after these ids. */
  public static boolean hasLeftovers(long session, long before, long after) {
    if (!isRange(session, before, after, FEW)) {
      return hasLeftovers(session);
    }
    for (long pid = before + 1; pid <= after; pid++) {
      if (isMember(pid, session)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether all processes of a session got their ids after the one and up to the other of these,
   * which are at most so many. The leader's must be among them: where it is not, ids have begun
   * anew, or what the system tells is of another pid namespace (lxcfs).
   */
  static boolean isRange(long session, long before, long after, long most) {
    return before > 0 && before < session && session <= after && after - before <= most;
  }

  /** Whether the session has any living process but its leader. */
  public static boolean hasLeftovers(long session) {
    return !members(session).isEmpty();
  }

  /** The living processes of a session but its leader. */
  static List<Long> members(long session) {
    List<Long> members = all();
    members.removeIf(pid -> !isMember(pid, session));
    return members;
  }

  /** All processes. */
  static List<Long> all() {
    List<Long> processes = new ArrayList<>();
    @Nullable String[] names = new File("/proc").list();
    if (names != null) {
      for (String name : names) {
        if (name != null && name.charAt(0) >= '1' && name.charAt(0) <= '9') {
          processes.add(Long.parseLong(name));
        }
      }
    }
    return processes;
  }

  /** Whether a process is alive, in this session, and not its leader. */
  static boolean isMember(long pid, long session) {
    // The file that is not there is the usual case: asking is cheaper than an exception.
    if (pid == session || !new File("/proc/" + pid).exists()) {
      return false;
    }
    try {
      String stat =
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      // pid (name) state ppid pgrp session ...; the name may hold anything, also ") ".
      String[] rest = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
      return rest[0].charAt(0) != 'Z'
          && rest[0].charAt(0) != 'X'
          && Long.parseLong(rest[3]) == session;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
