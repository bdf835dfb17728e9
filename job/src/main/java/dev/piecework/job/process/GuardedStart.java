package dev.piecework.job.process;

import dev.piecework.worker.process.ExactEnvironment;
import dev.piecework.worker.process.Guard;
import dev.piecework.worker.process.Shell;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Begins a process as the leader of a session of its own. It is a shell that has nothing to do
 * until the guard knows of it, and then becomes the command: there is no instant at which a kill of
 * the launcher leaves one running.
 */
final class GuardedStart {
  /** Also the shell has these variables: by them it is found when the guard was killed too. */
  private static final String MARKS = "PIECEWORK_JOB_";

  private GuardedStart() {}

  /**
   * The process, with its errors among its output.
   *
   * @param environment hidden until a word of the command restores it
   * @param folder where it begins, or null for our own
   */
  static Process of(
      Guard guard, List<String> command, ExactEnvironment environment, @Nullable File folder)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(Shell.inOwnSession(List.of(Shell.path(), "-s")))
            .redirectErrorStream(true)
            .directory(folder);
    environment.hideFrom(builder, name -> name.startsWith(MARKS));
    Process process = builder.start();
    guard.add(process.pid());
    try (OutputStream shell = process.getOutputStream()) {
      environment.writeStart(shell, command);
    } catch (IOException alreadyGone) {
      // It was killed in this moment; its exit says so.
    }
    return process;
  }
}
