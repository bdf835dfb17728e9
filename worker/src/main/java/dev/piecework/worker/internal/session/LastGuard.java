package dev.piecework.worker.internal.session;

import dev.piecework.worker.process.Shell;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A small shell of its own session that waits for the end of this JVM: its input is a pipe whose
 * other end only the JVM has. At its end it kills every process of every session that the {@link
 * SessionTable} names, looks for those that were being started at that moment, and removes the
 * scratch folder.
 *
 * <p>A process that is being started has a copy of the pipe's end until it runs the command, so
 * when the pipe ends, whatever was started can be found by its environment.
 */
final class LastGuard implements AutoCloseable {
  /** Its output is the table, which it reads. */
  private static final String SCRIPT =
      """
      trap '' HUP INT QUIT TERM USR1 USR2
      while read -r nothing; do :; done
      folder=$1
      sessions=
      groups=
      starting=
      while read -r file session; do
        case $file in '' | -) continue ;; esac
        case $session in
          -) starting="$starting $file" ;;
          *) sessions="$sessions $session" groups="$groups -$session" ;;
        esac
      done <&1
      [ -z "$groups" ] || kill -KILL $groups
      sweep() {
        rounds=0
        found=1
        while [ "$found" = 1 ] && [ "$rounds" -lt 500 ]; do
          found=0
          rounds=$((rounds + 1))
          for stat in /proc/[0-9]*/stat; do
            read -r line <"$stat" || continue
            set -- ${line##*)}
            case $1 in Z | X) continue ;; esac
            case " $sessions " in
              *" $4 "*)
                kill -KILL "${line%% *}"
                found=1
                ;;
            esac
          done
        done
      }
      [ -z "$sessions" ] || sweep
      # Between its last step of ours and the command's first a process still looks like the JVM.
      for again in ${starting:+1 2 3}; do
        sessions=
        for file in $starting; do
          for found in $(grep -laF "=$folder/$file" /proc/[0-9]*/environ); do
            pid=${found#/proc/}
            sessions="$sessions ${pid%/environ}"
          done
        done
        [ -z "$sessions" ] || sweep
        sleep 0.1
      done
      case $folder in /*) rm -rf -- "$folder" ;; esac
      """;

  private final SystemCalls system;
  private final SystemCalls.Room room;
  private final SessionTable table;
  private final List<byte[]> arguments;
  private int pid;
  private int input = -1;
  private boolean closed;

  private LastGuard(SystemCalls system, SessionTable table, String shell, Path folder)
      throws IOException {
    this.system = system;
    this.table = table;
    room = system.room(system.environment());
    arguments =
        List.of(shell, "-c", SCRIPT, "guard", folder.toString()).stream()
            .map(SystemText::bytes)
            .toList();
    start();
  }

  /**
   * One of this JVM.
   *
   * @return empty where there is no shell: in a container whose processes all end with the first
   */
  static Optional<LastGuard> over(SystemCalls system, SessionTable table, Path folder)
      throws IOException {
    return Shell.isMissing()
        ? Optional.empty()
        : Optional.of(new LastGuard(system, table, Shell.path(), folder));
  }

  /** Somebody may have killed it: then there is to be another. */
  synchronized void look() {
    if (!closed && (input < 0 || system.hasEnded(pid))) {
      forget();
      try {
        start();
      } catch (IOException e) {
        // The next look tries again.
      }
    }
  }

  private void start() throws IOException {
    int[] ends = system.pipe();
    try {
      pid =
          StartedProcesses.start(
              () -> room.start(arguments, List.of(), ends[0], table.descriptor(), -1));
    } finally {
      system.close(ends[0]);
    }
    input = ends[1];
    if (pid < 0) {
      int errno = -pid;
      forget();
      throw new IOException("the guard of commands cannot be started: " + Errno.message(errno));
    }
  }

  private void forget() {
    if (input >= 0) {
      system.close(input);
      input = -1;
    }
    if (pid > 0) {
      StartedProcesses.reap(system, pid);
      pid = 0;
    }
  }

  /** Lets it go, with the folder. */
  @Override
  public synchronized void close() {
    closed = true;
    if (input >= 0) {
      system.close(input);
      input = -1;
      // It has nothing left to do but to remove the folder.
      system.awaitEnd(pid);
      StartedProcesses.reap(system, pid);
    }
  }
}
