package dev.piecework.worker.internal.spawn;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.internal.call.Call;
import dev.piecework.worker.internal.call.CallEnd;
import dev.piecework.worker.internal.call.CallerEnvironment;
import dev.piecework.worker.internal.call.ShellText;
import dev.piecework.worker.internal.session.NotStartedException;
import dev.piecework.worker.internal.session.SessionMembers;
import dev.piecework.worker.internal.session.StartedProcesses;
import dev.piecework.worker.process.AttemptContext;
import dev.piecework.worker.process.CommandConfig;
import dev.piecework.worker.process.CommandPlaces;
import dev.piecework.worker.process.CommandUnusableException;
import dev.piecework.worker.process.Shell;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands where the C library cannot be called: a shell leads a session, is told to the
 * guard, and then becomes the command. It costs several times as much, and a shell may drop
 * variables whose names it does not like.
 */
final class ShellSpawner implements Spawner {
  private static final AtomicLong LAST = new AtomicLong();
  private static final long REST_MILLIS = 500;

  private final SharedRuntime.Shared shared;
  private final CommandConfig config;
  private final int slot;

  ShellSpawner(SharedRuntime.Shared shared, CommandConfig config, int slot) {
    this.shared = shared;
    this.config = config;
    this.slot = slot;
  }

  @Override
  public CallEnd run(Call call) throws IOException, CommandUnusableException {
    String name = Long.toString(LAST.incrementAndGet());
    long before = SessionMembers.lastPid();
    Path result = shared.folder().resolve(name + ".r");
    Path input = shared.folder().resolve(name + ".i");
    Process process;
    try {
      byte[] stdin = call.stdin();
      if (stdin != null) {
        Files.write(input, stdin);
      }
      ProcessBuilder builder = new ProcessBuilder(Shell.inOwnSession(List.of(Shell.path(), "-s")));
      CallerEnvironment.restoreLocale(builder.environment());
      process = StartedProcesses.start(builder);
      ShellChild.add(process, shared.control());
    } catch (IOException e) {
      throw new NotStartedException(String.valueOf(e.getMessage()));
    }
    RunningCall running = new RunningCall(shared.control(), process.pid(), result, call, config);
    boolean ended = false;
    shared.watch().add(running);
    try {
      try (OutputStream out = process.getOutputStream()) {
        text(call, result, call.stdin() == null ? null : input).writeTo(out);
      } catch (IOException e) {
        // Killed by somebody: its exit says so.
      }
      List<Thread> readers = readers(process, running);
      int status = waitFor(process, running);
      ended = true;
      boolean cut = running.cutAndGone();
      if (cut || SessionMembers.hasLeftovers(process.pid(), before, SessionMembers.lastPid())) {
        shared.control().kill(process.pid());
      }
      for (Thread reader : readers) {
        join(reader);
      }
      if (status == 126 || status == 127) {
        config.command().check();
      }
      return running.finish(status, 0);
    } finally {
      shared.watch().remove(running);
      running.close();
      if (!ended) {
        shared.control().kill(process.pid());
      }
      shared.control().remove(process.pid());
      process.getInputStream().close();
      process.getErrorStream().close();
      Files.deleteIfExists(input);
    }
  }

  private ShellText text(Call call, Path result, @Nullable Path input) {
    // The braces: half of it, from a JVM that was killed, must not be run as another command.
    ShellText text = new ShellText().add("{\n");
    for (String one : DirectSpawner.NAMES) {
      text.add("export ").add(one).add("\n");
    }
    text.add("PIECEWORK_QUEUE=").quoted(config.queue()).add("\n");
    text.add("PIECEWORK_SLOT=" + slot + "\n");
    assign(text, "PIECEWORK_ID", call, Attempt::id);
    assign(text, "PIECEWORK_ATTEMPT", call, a -> Integer.toString(a.number()));
    assign(text, "PIECEWORK_TOKEN", call, a -> Long.toString(a.token()));
    text.add("PIECEWORK_RESULT=").quoted(result.toString()).add("\n");
    if (!config.context().equals(AttemptContext.NONE)) {
      DirectSpawner.TRACE.forEach(name -> text.add("unset ").add(name).add("\n"));
      String trace = config.context().traceparent(call.attempts().getFirst());
      if (trace != null) {
        text.add("export TRACEPARENT=").quoted(trace).add("\n");
      }
    }
    if (config.command().hasFieldVariables()) {
      fields(text, config.command().variables(call.attempts().getFirst()));
    }
    at(text, call.place());
    text.add("exec");
    for (byte[] argument : call.arguments()) {
      text.add(" ").quoted(argument);
    }
    return text.add(" <").quoted(input == null ? "/dev/null" : input.toString()).add("\n}\n");
  }

  private static void fields(ShellText text, List<byte[]> fields) {
    // What a caller has of a record of its own is not a field of this one.
    System.getenv().keySet().stream()
        .filter(name -> name.matches(DirectSpawner.FIELD + "[A-Za-z0-9_]*"))
        .forEach(name -> text.add("unset ").add(name).add("\n"));
    for (byte[] field : fields) {
      int equals = 0;
      while (field[equals] != '=') {
        equals++;
      }
      text.add("export ").add(new String(field, 0, equals, StandardCharsets.US_ASCII)).add("=");
      text.quoted(Arrays.copyOfRange(field, equals + 1, field.length)).add("\n");
    }
  }

  /** Its own place; a shell that cannot get there becomes no command. */
  private static void at(ShellText text, CommandPlaces.@Nullable CommandPlace place) {
    Path temporary = place == null ? null : place.temporary();
    if (temporary != null) {
      text.add("export TMPDIR=").quoted(temporary.toString()).add("\n");
    }
    Path folder = place == null ? null : place.folder();
    if (folder != null) {
      text.add("cd -- ").quoted(folder.toString()).add(" || exit 126\n");
    }
  }

  /** Of a batch: one line for each item, in the order of the payloads. */
  private static void assign(
      ShellText text, String name, Call call, Function<Attempt, String> value) {
    List<String> all = call.attempts().stream().map(value).toList();
    text.add(name).add("=").quoted(String.join("\n", all)).add("\n");
  }

  private static List<Thread> readers(Process process, RunningCall running) {
    List<Thread> all = new ArrayList<>();
    all.add(reader(process.getInputStream(), running::printed));
    all.add(reader(process.getErrorStream(), running::complained));
    return all;
  }

  private interface Sink {
    void take(byte[] bytes, int length);
  }

  private static Thread reader(InputStream in, Sink sink) {
    return Thread.ofPlatform()
        .daemon()
        .name("piecework-output")
        .start(() -> {
          byte[] buffer = new byte[8192];
          try {
            int length;
            while ((length = in.read(buffer)) > 0) {
              sink.take(buffer, length);
            }
          } catch (IOException closed) {
            // As its end.
          }
        });
  }

  private static int waitFor(Process process, RunningCall running) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return process.waitFor();
        } catch (InterruptedException e) {
          interrupted = true;
          running.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What is in the pipe is read at once; what somebody else holds open is not waited for. */
  private static void join(Thread reader) {
    boolean interrupted = Thread.interrupted();
    try {
      reader.join(REST_MILLIS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
