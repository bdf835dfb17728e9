package dev.piecework.job.process;

import dev.piecework.worker.process.Guard;
import dev.piecework.worker.process.Shell;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Begins a process as the leader of a session of its own. It first waits for a line that says that
 * the guard knows of it, and only then becomes the command: there is no instant at which a kill of
 * the launcher leaves one running.
 */
final class GuardedStart {
  private static final String WAIT_FOR_GUARD = "read -r go && exec \"$@\" </dev/null";

  private GuardedStart() {}

  /**
   * The process, with its errors among its output.
   *
   * @param surroundings sets its environment and its folder
   */
  static Process of(Guard guard, List<String> command, Consumer<ProcessBuilder> surroundings)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(Shell.path(), "-c", WAIT_FOR_GUARD, "pod"));
    all.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(Shell.inOwnSession(all)).redirectErrorStream(true);
    surroundings.accept(builder);
    Process process = builder.start();
    guard.add(process.pid());
    try (OutputStream go = process.getOutputStream()) {
      go.write('\n');
    } catch (IOException alreadyGone) {
      // It was killed in this moment; its exit says so.
    }
    return process;
  }
}
