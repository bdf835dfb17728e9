package dev.piecework.worker.internal.spawn;

import dev.piecework.worker.internal.call.CallerEnvironment;
import dev.piecework.worker.internal.session.NotStartedException;
import dev.piecework.worker.internal.session.StartedProcesses;
import dev.piecework.worker.process.SessionControl;
import dev.piecework.worker.process.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts a long-lived child through a shell of its own. The shell leads the session, waits until
 * the guard knows of it before it starts the command, and when the command has ended it says so
 * with the exit code, even if something still holds the pipes; then it counts what the command has
 * not read.
 */
final class ShellChild {
  /** The caller's variables go through it to the command: it assigns to none but one of ours. */
  private static final String SCRIPT =
      """
      trap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE
      unset PIECEWORK_KEY
      read -r PIECEWORK_KEY || exit
      "$@"
      printf '\\n%s %s\\n' "$PIECEWORK_KEY" "$?"
      exec 2>/dev/null
      printf '%s %s\\n' "$PIECEWORK_KEY" "$(wc -c)"
      """;

  private ShellChild() {}

  static Process start(
      SessionControl control, List<String> command, String queue, int slot, String key)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(Shell.path(), "-c", SCRIPT, "child"));
    all.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(Shell.inOwnSession(all));
    CallerEnvironment.restoreLocale(builder.environment());
    builder.environment().put("PIECEWORK_QUEUE", queue);
    builder.environment().put("PIECEWORK_SLOT", Integer.toString(slot));
    try {
      Process process = StartedProcesses.start(builder);
      add(process, control);
      tell(process, control, key + "\n");
      return process;
    } catch (IOException e) {
      // There is a shell, and setsid: it is the system that has no room at this moment.
      throw new NotStartedException(String.valueOf(e.getMessage()));
    }
  }

  private static void tell(Process process, SessionControl control, String line)
      throws IOException {
    try {
      process.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().flush();
    } catch (IOException e) {
      process.destroyForcibly();
      control.remove(process.pid());
      throw e;
    }
  }

  /** Has the guard know of a shell, or ends it: it waits, and nobody would tell it to go on. */
  static void add(Process process, SessionControl control) throws IOException {
    try {
      control.add(process.pid());
    } catch (IOException e) {
      process.destroyForcibly();
      try {
        control.remove(process.pid());
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }
}
