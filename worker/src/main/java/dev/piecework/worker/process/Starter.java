package dev.piecework.worker.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** How commands are started here: through a shell, or by the C library where there is none. */
interface Starter {

  /**
   * What this system allows.
   *
   * @throws IOException in one line for people, when it allows neither
   */
  static Starter find() throws IOException {
    boolean none = Shell.isMissing();
    // With a shell but no setsid there is no guard either. The processes of a container need none:
    // they all end with process 1.
    boolean direct = none || (!Shell.canStartSessions() && ProcessHandle.current().pid() == 1);
    if (!direct) {
      return new ByShell();
    }
    return new Direct(
        SystemCalls.find()
            .orElseThrow(() ->
                new IOException(
                    "there is no "
                        + (none ? "/bin/sh" : "'setsid' (package util-linux)")
                        + " here, and without it running commands needs Java "
                        + SystemCalls.JAVA
                        + " and Linux with glibc 2.34, or newer")));
  }

  /**
   * @param scratch what is removed if the JVM is killed, where anybody is left to do it
   */
  SessionControl control(Path scratch) throws IOException;

  Spawner spawner(Lifeline.Shared shared, CommandConfig config, int slot) throws IOException;

  /**
   * Starts a long-lived child as the leader of a session. It gets what is written to the process;
   * what it prints is read from it, and when it has ended two lines more, each of which begins with
   * the key and a space: its exit code, preceded by a newline, and how many bytes it has not read,
   * which is known when what is written has been closed.
   */
  Process child(Lifeline.Shared shared, List<String> command, String queue, String key)
      throws IOException;

  /** Through a warm shell for each slot. */
  record ByShell() implements Starter {
    @Override
    public SessionControl control(Path scratch) throws IOException {
      return new Guard(scratch);
    }

    @Override
    public Spawner spawner(Lifeline.Shared shared, CommandConfig config, int slot)
        throws IOException {
      return new ShellSpawner(shared, config, slot);
    }

    @Override
    public Process child(Lifeline.Shared shared, List<String> command, String queue, String key)
        throws IOException {
      return ShellChild.start(shared.control(), command, queue, key);
    }
  }

  /** By the C library. */
  record Direct(SystemCalls system) implements Starter {
    @Override
    public SessionControl control(Path scratch) {
      return new DirectControl(system);
    }

    @Override
    public Spawner spawner(Lifeline.Shared shared, CommandConfig config, int slot)
        throws IOException {
      return new DirectSpawner(system, shared, config, slot);
    }

    @Override
    public Process child(Lifeline.Shared shared, List<String> command, String queue, String key)
        throws IOException {
      return DirectChild.start(system, command, queue, key);
    }
  }
}
