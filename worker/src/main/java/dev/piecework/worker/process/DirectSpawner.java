package dev.piecework.worker.process;

import dev.piecework.worker.Attempt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs commands by the C library's {@code posix_spawn}, each as the leader of a session of its own.
 *
 * <p>A command that has ended stays a zombie until its session has been looked at, so that its id
 * is nobody else's meanwhile.
 */
final class DirectSpawner implements Spawner {
  private static final List<String> NAMES =
      List.of(
          "PIECEWORK_QUEUE",
          "PIECEWORK_ID",
          "PIECEWORK_ATTEMPT",
          "PIECEWORK_TOKEN",
          "PIECEWORK_RESULT");

  private final Lifeline.Shared shared;
  private final CommandConfig config;
  private final SystemCalls system;
  private final Path stem;
  private final Path input;
  private final SystemCalls.Launcher withoutInput;
  private final SystemCalls.Launcher withInput;
  private final byte[] queue;
  private final byte[] result;
  private long lastPid;

  DirectSpawner(SystemCalls system, Lifeline.Shared shared, CommandConfig config, int slot)
      throws IOException {
    this.system = system;
    this.shared = shared;
    this.config = config;
    Path folder = Files.createTempDirectory(shared.folder(), "slot" + slot + "-");
    // The names are the same each time, the files are not: those of the last call were removed.
    stem = folder.resolve("call");
    input = Path.of(stem + ".i");
    withoutInput = system.launcher("/dev/null", stem + ".o", stem + ".e", NAMES);
    withInput = system.launcher(input.toString(), stem + ".o", stem + ".e", NAMES);
    queue = bytes("PIECEWORK_QUEUE=" + config.queue());
    result = bytes("PIECEWORK_RESULT=" + stem + ".r");
    lastPid = Sessions.lastPid();
  }

  @Override
  public Ending run(Call call) throws IOException {
    byte[] stdin = call.stdin();
    if (stdin == null) {
      return run(call, withoutInput);
    }
    try {
      Files.write(input, stdin);
      return run(call, withInput);
    } finally {
      Files.deleteIfExists(input);
    }
  }

  private Ending run(Call call, SystemCalls.Launcher launcher) throws IOException {
    List<byte[]> variables =
        List.of(
            queue,
            assign("PIECEWORK_ID", call, Attempt::id),
            assign("PIECEWORK_ATTEMPT", call, a -> Integer.toString(a.number())),
            assign("PIECEWORK_TOKEN", call, a -> Long.toString(a.token())),
            result);
    int pid = OwnProcesses.start(() -> launcher.start(call.arguments(), variables));
    if (pid < 0) {
      return notStarted(call, -pid);
    }
    Optional<Duration> timeout = config.timeout().map(t -> t.multipliedBy(call.attempts().size()));
    Running running = new Running(shared.control(), pid, stem, timeout, config);
    shared.watch().add(running);
    try {
      int status = system.awaitEnd(pid);
      boolean cut = running.cutAndGone();
      long before = lastPid;
      lastPid = Sessions.lastPid();
      if (cut || Sessions.hasLeftovers(pid, before, lastPid)) {
        shared.control().kill(pid);
      }
      return running.finish(status);
    } finally {
      shared.watch().remove(running);
      shared.control().remove(pid);
    }
  }

  /** As a shell would have it: 127 if there is no such file, 126 if it cannot be run. */
  private Ending notStarted(Call call, int errno) throws IOException {
    String why = SystemCalls.message(errno);
    boolean ready = Files.deleteIfExists(Path.of(stem + ".e"));
    Files.deleteIfExists(Path.of(stem + ".o"));
    if (!ready) {
      throw new IOException("cannot create " + stem + ".e: " + why + "; is the disk full?");
    }
    if (errno == SystemCalls.EAGAIN || errno == SystemCalls.ENOMEM) {
      throw new IOException("the system starts no more processes, " + why);
    }
    String name = new String(call.arguments().getFirst(), StandardCharsets.UTF_8);
    int status = errno == SystemCalls.ENOENT ? 127 : 126;
    return new Ending(Ending.Cut.NONE, status, new byte[0], 0, bytes(name + ": " + why));
  }

  /** Of a batch: one line for each item, in the order of the payloads. */
  private static byte[] assign(String name, Call call, Function<Attempt, String> value) {
    StringBuilder all = new StringBuilder(name).append('=');
    List<Attempt> attempts = call.attempts();
    for (int i = 0; i < attempts.size(); i++) {
      if (i > 0) {
        all.append('\n');
      }
      all.append(value.apply(attempts.get(i)));
    }
    return bytes(all.toString());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    withInput.close();
    withoutInput.close();
  }
}
