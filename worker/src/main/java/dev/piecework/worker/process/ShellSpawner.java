package dev.piecework.worker.process;

import dev.piecework.worker.Attempt;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs one command at a time through a shell that is kept warm.
 *
 * <p>The shell leads a session of its own and runs each command in the foreground, which dash does
 * by vfork: as fast as C, at no start-up cost, and the command's standard streams are files of this
 * call alone, so nothing that a command leaves behind can hold us up or write into another's
 * result. The shell ignores (by a handler, so that commands do not inherit it) the signals that end
 * a group. As it never runs two commands, its group is the item's group. If something of that group
 * is still there when the command has ended, the group is killed, and the next call gets a new
 * shell.
 */
final class ShellSpawner implements Spawner {
  private static final String PRELUDE =
      "exec 2>/dev/null\ntrap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE\n";

  private final Lifeline.Shared shared;
  private final CommandConfig config;
  private final Path folder;
  private final ShellText text = new ShellText();
  private @Nullable Process shell;
  private long lastPid;
  private long calls;

  ShellSpawner(Lifeline.Shared shared, CommandConfig config, int slot) throws IOException {
    this.shared = shared;
    this.config = config;
    folder = Files.createTempDirectory(shared.folder(), "slot" + slot + "-");
  }

  @Override
  public Ending run(Call call) throws IOException {
    Process now = shell;
    if (now == null) {
      now = start();
    }
    Path stem = folder.resolve(Long.toString(++calls));
    byte[] stdin = call.stdin();
    Path input = Path.of(stem + ".i");
    if (stdin != null) {
      Files.write(input, stdin);
    }
    write(call, stem, stdin != null);
    int attempts = call.attempts().size();
    Optional<Duration> timeout = config.timeout().map(t -> t.multipliedBy(attempts));
    Running running = new Running(shared.control(), now.pid(), stem, timeout, config);
    shared.watch().add(running);
    try {
      int status = ask(now);
      boolean cut = running.cutAndGone();
      long before = lastPid;
      lastPid = Sessions.lastPid();
      if (cut || status < 0 || Sessions.hasLeftovers(now.pid(), before, lastPid)) {
        discard();
      }
      Ending ending = running.finish(Math.max(status, 0));
      return status < 0 && ending.cut() == Ending.Cut.NONE
          ? new Ending(Ending.Cut.SPAWNER, 0, null, 0, ending.errors())
          : ending;
    } finally {
      shared.watch().remove(running);
      if (stdin != null) {
        Files.deleteIfExists(input);
      }
    }
  }

  @Override
  public void close() throws IOException {
    discard();
  }

  private Process start() throws IOException {
    lastPid = Sessions.lastPid();
    ProcessBuilder builder =
        new ProcessBuilder(Shell.inOwnSession(List.of(Shell.path(), "-s")))
            .redirectError(Redirect.DISCARD);
    builder.environment().put("PIECEWORK_QUEUE", config.queue());
    Process started = OwnProcesses.start(builder);
    shell = started;
    shared.control().add(started.pid());
    started.getOutputStream().write(PRELUDE.getBytes(StandardCharsets.US_ASCII));
    return started;
  }

  private void write(Call call, Path stem, boolean stdin) {
    String name = stem.toString();
    text.clear();
    assign("PIECEWORK_ID", call, Attempt::id);
    assign("PIECEWORK_ATTEMPT", call, a -> Integer.toString(a.number()));
    assign("PIECEWORK_TOKEN", call, a -> Long.toString(a.token()));
    text.add("PIECEWORK_RESULT=").quoted(name + ".r");
    for (byte[] argument : call.arguments()) {
      text.add(" ").quoted(argument);
    }
    if (stdin) {
      text.add(" <").quoted(name + ".i");
    } else {
      text.add(" </dev/null");
    }
    text.add(" >>").quoted(name + ".o").add(" 2>>").quoted(name + ".e").add("\necho $?\n");
  }

  /** Of a batch: one line for each item, in the order of the payloads. */
  private void assign(String name, Call call, Function<Attempt, String> value) {
    List<Attempt> attempts = call.attempts();
    StringBuilder all = new StringBuilder(value.apply(attempts.getFirst()));
    for (int i = 1; i < attempts.size(); i++) {
      all.append('\n').append(value.apply(attempts.get(i)));
    }
    text.add(name).add("=").quoted(all.toString()).add(" ");
  }

  /** The exit status that the shell reports, or -1 if the shell is gone. */
  private int ask(Process now) {
    try {
      OutputStream out = now.getOutputStream();
      text.writeTo(out);
      out.flush();
      InputStream in = now.getInputStream();
      int status = 0;
      int next;
      while ((next = in.read()) != '\n') {
        if (next < '0' || next > '9') {
          return -1;
        }
        status = status * 10 + next - '0';
      }
      return status;
    } catch (IOException e) {
      return -1;
    }
  }

  /** Ends the shell and whatever is in its session. */
  private void discard() throws IOException {
    Process now = shell;
    if (now == null) {
      return;
    }
    shell = null;
    shared.control().kill(now.pid());
    shared.control().remove(now.pid());
    try {
      now.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    now.getOutputStream().close();
    now.getInputStream().close();
  }
}
