package dev.piecework.job.process;

import dev.piecework.worker.process.Guard;
import dev.piecework.worker.process.Shell;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Begins a process as the leader of a session of its own. It first waits for a line that says that
 * the guard knows of it, and only then becomes the command: there is no instant at which a kill of
 * the launcher leaves one running.
 */
final class GuardedStart {
  private static final String WAIT_FOR_GUARD = "read -r go && exec \"$@\" </dev/null";

  /** What any shell hands on. */
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private GuardedStart() {}

  /**
   * A shell that hands on variables of these names: Kubernetes has {@code my.name} too, which dash
   * drops and bash keeps. In its POSIX mode it reads no file at its start.
   */
  static List<String> shell(Set<String> names) {
    if (names.stream().allMatch(name -> IDENTIFIER.matcher(name).matches())) {
      return List.of(Shell.path());
    }
    return Shell.find("bash")
        .map(bash -> List.of(bash, "--posix"))
        .orElseGet(() -> List.of(Shell.path()));
  }

  /**
   * The process, with its errors among its output.
   *
   * @param surroundings sets its environment and its folder
   */
  static Process of(Guard guard, List<String> command, Consumer<ProcessBuilder> surroundings)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder().redirectErrorStream(true);
    surroundings.accept(builder);
    List<String> all = new ArrayList<>(shell(builder.environment().keySet()));
    all.addAll(List.of("-c", WAIT_FOR_GUARD, "pod"));
    all.addAll(command);
    builder.command(Shell.inOwnSession(all));
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
