package dev.piecework.worker.process;

import dev.piecework.worker.internal.session.SessionMembers;
import dev.piecework.worker.internal.session.StartedProcesses;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A small shell of its own session that outlives this JVM for a moment: when its input ends,
 * because the JVM ended in whatever way, it kills every process of every session it was told of,
 * and removes the scratch folder. While the JVM lives it sends signals to groups, which Java
 * cannot.
 *
 * <p>A session is told before its shell is given anything to run, so there is no instant at which a
 * kill of the JVM leaves a command running.
 */
public final class Guard implements SessionControl {
  private static final String SCRIPT =
      """
      trap '' HUP INT QUIT TERM USR1 USR2
      sweep() {
        session=$1
        kill -KILL "-$session" "$session"
        rounds=0
        found=1
        while [ "$found" = 1 ] && [ "$rounds" -lt 500 ]; do
          found=0
          rounds=$((rounds + 1))
          for stat in /proc/[0-9]*/stat; do
            read -r line <"$stat" || continue
            set -- ${line##*)}
            case $1 in Z | X) continue ;; esac
            if [ "$4" = "$session" ]; then
              kill -KILL "${line%% *}"
              found=1
            fi
          done
        done
      }
      sessions=
      folder=
      while read -r verb arg; do
        case $verb in
          add) sessions="$sessions $arg" ;;
          del)
            left=
            for one in $sessions; do [ "$one" = "$arg" ] || left="$left $one"; done
            sessions=$left ;;
          term) kill -TERM "-$arg" ;;
          sweep) sweep "$arg" ;;
          folder) folder=$arg ;;
        esac
      done
      for one in $sessions; do sweep "$one"; done
      [ -z "$folder" ] || rm -rf -- "$folder"
      """;

  private final Path folder;
  private final Set<Long> sessions = new LinkedHashSet<>();
  private @Nullable Process process;
  private boolean closed;

  public Guard(Path folder) throws IOException {
    this.folder = folder;
    start();
  }

  @Override
  public synchronized void add(long session) throws IOException {
    sessions.add(session);
    tell("add " + session);
  }

  @Override
  public synchronized void remove(long session) throws IOException {
    sessions.remove(session);
    if (!closed) {
      tell("del " + session);
    }
  }

  @Override
  public synchronized void terminate(long session) throws IOException {
    tell("term " + session);
  }

  @Override
  public synchronized void kill(long session) throws IOException {
    tell("sweep " + session);
  }

  @Override
  public boolean hasLeftovers(long session) {
    return SessionMembers.hasLeftovers(session);
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    Process guard = process;
    if (guard == null) {
      return;
    }
    guard.getOutputStream().close();
    try {
      // It has nothing left to do but to end; not waiting would leave a zombie for a moment.
      guard.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(String line) throws IOException {
    Process guard = process;
    if (guard == null || !guard.isAlive()) {
      start();
      if (line.startsWith("add ") || line.startsWith("del ")) {
        return;
      }
    }
    send(line);
  }

  private void start() throws IOException {
    process =
        StartedProcesses.start(
            new ProcessBuilder(Shell.inOwnSession(List.of(Shell.path(), "-c", SCRIPT, "guard")))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD));
    send("folder " + folder);
    for (long session : sessions) {
      send("add " + session);
    }
  }

  private void send(String line) throws IOException {
    Process guard = process;
    if (guard != null) {
      OutputStream out = guard.getOutputStream();
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }
}
