package dev.piecework.cli.followup;

import dev.piecework.worker.process.ExactEnvironment;
import dev.piecework.worker.process.Guard;
import dev.piecework.worker.process.Shell;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A shell's text as a session of processes of its own. None of them outlives this JVM, however that
 * ends, nor the shell.
 */
final class FollowUpCommand implements AutoCloseable {

  /** It does nothing before the guard knows of it. */
  private static final String WHEN_TOLD = "read -r begin && exec \"$@\"";

  private static final Duration LAST_OUTPUT = Duration.ofSeconds(5);

  /** What becomes of something that it prints. */
  interface Reader {
    void read(InputStream from) throws IOException;
  }

  private final Guard guard;
  private final Process process;
  private final List<Thread> readers = new ArrayList<>();

  private FollowUpCommand(Guard guard, Process process) {
    this.guard = guard;
    this.process = process;
  }

  /**
   * @param variables that it gets beside those of our caller
   */
  static FollowUpCommand start(String text, Map<String, String> variables, Reader out, Reader err)
      throws IOException {
    Path folder = Files.createTempDirectory("piecework-then-"); // the guard removes it
    Guard guard = new Guard(folder);
    try {
      ExactEnvironment environment = ExactEnvironment.ofCaller().with(variables);
      List<String> words = new ArrayList<>(List.of(Shell.path(), "-c", WHEN_TOLD, "sh"));
      words.addAll(environment.restored(List.of(Shell.path(), "-c", text)));
      ProcessBuilder builder = new ProcessBuilder(Shell.inOwnSession(words));
      environment.giveTo(builder);
      FollowUpCommand command = new FollowUpCommand(guard, builder.start());
      guard.add(command.process.pid());
      command.process.getOutputStream().write('\n');
      command.process.getOutputStream().flush();
      command.read("stdout", command.process.getInputStream(), out);
      command.read("stderr", command.process.getErrorStream(), err);
      return command;
    } catch (IOException failed) {
      guard.close();
      throw failed;
    }
  }

  private void read(String name, InputStream from, Reader reader) {
    readers.add(
        Thread.ofPlatform()
            .daemon()
            .name("then-" + name)
            .start(() -> {
              try (from) {
                reader.read(from);
              } catch (IOException closed) {
                // It has ended.
              }
            }));
  }

  OutputStream stdin() {
    return process.getOutputStream();
  }

  /** Waits so long; true when it has ended. */
  boolean await(Duration atMost) throws InterruptedException {
    return process.waitFor(Math.max(atMost.toMillis(), 0), TimeUnit.MILLISECONDS);
  }

  /** Its exit code, when it has ended and all that it printed is passed on. */
  int exitCode() throws InterruptedException {
    kill(); // what it left running, and holds its output open
    for (Thread reader : readers) {
      boolean _ = reader.join(LAST_OUTPUT);
    }
    return process.exitValue();
  }

  /** SIGTERM, and what is still there after so long is killed. */
  void stop(Duration grace) throws InterruptedException {
    try {
      guard.terminate(process.pid());
    } catch (IOException guardIsGone) {
      process.destroy();
    }
    if (!await(grace)) {
      kill();
    }
    int _ = process.waitFor();
  }

  void kill() {
    try {
      guard.kill(process.pid());
    } catch (IOException guardIsGone) {
      process.destroyForcibly();
    }
  }

  @Override
  public void close() throws IOException {
    guard.close(); // which kills what is left
  }
}
