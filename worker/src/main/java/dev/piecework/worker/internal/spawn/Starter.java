package dev.piecework.worker.internal.spawn;

import dev.piecework.worker.internal.session.DirectControl;
import dev.piecework.worker.internal.session.NotStartedException;
import dev.piecework.worker.internal.session.SystemCalls;
import dev.piecework.worker.process.CommandConfig;
import dev.piecework.worker.process.CommandUnusableException;
import dev.piecework.worker.process.Guard;
import dev.piecework.worker.process.SessionControl;
import dev.piecework.worker.process.Shell;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Starts commands: by the system's own calls, or, where Java or the C library is too old for them,
 * through a shell for each.
 */
public interface Starter {

  /**
   * What this system allows.
   *
   * @param scratch what is removed if the JVM is killed, where anybody is left to do it
   * @throws IOException in one line for people, when it allows neither
   */
  static Starter open(Path scratch) throws IOException {
    Optional<SystemCalls> system = SystemCalls.find();
    if (system.isPresent()) {
      return new Direct(system.get(), new DirectControl(system.get(), scratch));
    }
    if (Shell.isMissing() || !Shell.canStartSessions()) {
      throw new IOException(
          "there is no "
              + (Shell.isMissing() ? "/bin/sh" : "'setsid' (package util-linux)")
              + " here, and without it running commands needs Java "
              + SystemCalls.JAVA
              + " and Linux with glibc 2.34, or newer");
    }
    return new ByShell(new Guard(scratch));
  }

  SessionControl control();

  /**
   * @param slot whose calls it makes, from 1: told to the command as {@code PIECEWORK_SLOT}
   */
  Spawner spawner(SharedRuntime.Shared shared, CommandConfig config, int slot);

  /**
   * Starts a long-lived child as the leader of a session. It gets what is written to the process;
   * what it prints is read from it, and when it has ended two lines more, each of which begins with
   * the key and a space: its exit code, preceded by a newline, and how many bytes it has not read,
   * which is known when what is written has been closed.
   *
   * @throws NotStartedException when the system starts nothing at this moment
   * @throws CommandUnusableException when this command cannot be started
   */
  Process child(List<String> command, String queue, int slot, String key)
      throws IOException, CommandUnusableException;

  /** Through a shell for each. */
  record ByShell(SessionControl control) implements Starter {
    @Override
    public Spawner spawner(SharedRuntime.Shared shared, CommandConfig config, int slot) {
      return new ShellSpawner(shared, config, slot);
    }

    @Override
    public Process child(List<String> command, String queue, int slot, String key)
        throws IOException {
      return ShellChild.start(control, command, queue, slot, key);
    }
  }

  /** By the C library. */
  record Direct(SystemCalls system, DirectControl control) implements Starter {
    @Override
    public Spawner spawner(SharedRuntime.Shared shared, CommandConfig config, int slot) {
      return new DirectSpawner(system, control, shared.watch(), config, slot);
    }

    @Override
    public Process child(List<String> command, String queue, int slot, String key)
        throws IOException, CommandUnusableException {
      return DirectChild.start(system, control, command, queue, slot, key);
    }
  }
}
