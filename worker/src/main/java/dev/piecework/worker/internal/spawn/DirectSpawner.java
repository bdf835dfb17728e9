package dev.piecework.worker.internal.spawn;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.internal.call.Call;
import dev.piecework.worker.internal.call.CallEnd;
import dev.piecework.worker.internal.call.CallerEnvironment;
import dev.piecework.worker.internal.call.ProgramFile;
import dev.piecework.worker.internal.session.DirectControl;
import dev.piecework.worker.internal.session.Errno;
import dev.piecework.worker.internal.session.NotStartedException;
import dev.piecework.worker.internal.session.SessionMembers;
import dev.piecework.worker.internal.session.SystemCalls;
import dev.piecework.worker.internal.session.SystemText;
import dev.piecework.worker.internal.session.Watch;
import dev.piecework.worker.process.AttemptContext;
import dev.piecework.worker.process.CommandConfig;
import dev.piecework.worker.process.CommandPlaces;
import dev.piecework.worker.process.CommandUnusableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands by the C library's {@code posix_spawn}, each as the leader of a session of its own,
 * and reads what they print from pipes that no other process has.
 *
 * <p>A command that has ended stays a zombie until its session has been looked at, so that its id
 * is nobody else's meanwhile. What still holds its pipes then is not waited for.
 */
final class DirectSpawner implements Spawner {
  static final List<String> NAMES =
      List.of(
          "PIECEWORK_QUEUE",
          "PIECEWORK_ID",
          "PIECEWORK_ATTEMPT",
          "PIECEWORK_TOKEN",
          "PIECEWORK_RESULT",
          "PIECEWORK_SLOT");

  /** Of another trace than that of the attempt; the second belongs to the first. */
  static final List<String> TRACE = List.of("TRACEPARENT", "TRACESTATE");

  /** How the names of variables begin that hold fields of a record. */
  static final String FIELD = "ITEM_";

  /** Where a command puts what is temporary. */
  static final String TEMPORARY = "TMPDIR";

  /** Where there is no handle of a process, its end is looked for after so many milliseconds. */
  private static final int LOOK = 20;

  /** The most that a pipe holds. What comes after it was not printed by the command. */
  private static final int PIPE = 1 << 20;

  private static final int NONE = -1;

  private final SystemCalls system;
  private final SystemCalls.Room room;
  private final DirectControl control;
  private final Watch watch;
  private final CommandConfig config;
  private final byte[] queue;
  private final byte[] slot;
  private final byte[] buffer = new byte[SystemCalls.Room.MOST];

  DirectSpawner(
      SystemCalls system, DirectControl control, Watch watch, CommandConfig config, int slot) {
    this.system = system;
    this.control = control;
    this.watch = watch;
    this.config = config;
    List<String> replaced = new ArrayList<>(NAMES);
    if (!config.context().equals(AttemptContext.NONE)) {
      replaced.addAll(TRACE);
    }
    if (!config.places().equals(CommandPlaces.NONE)) {
      replaced.add(TEMPORARY);
    }
    // What a caller has of a record of its own is not a field of this one.
    boolean fields = config.command().hasFieldVariables();
    room =
        system.room(
            CallerEnvironment.from(
                system.environment(),
                name -> replaced.contains(name) || (fields && name.startsWith(FIELD))));
    queue = bytes("PIECEWORK_QUEUE=" + config.queue());
    this.slot = bytes("PIECEWORK_SLOT=" + slot);
  }

  /** A started command, and our ends of its pipes. */
  private final class Started {
    final int pid;
    int output;
    int errors;

    /** Becomes readable at its end. */
    final int handle;

    /**
     * @param pid or, if it was not started, why not, negated
     */
    Started(int pid, int output, int errors) {
      this.pid = pid;
      this.output = output;
      this.errors = errors;
      handle = pid > 0 ? system.handle(pid) : NONE;
    }

    /** Reads until it has ended, or nobody can print any more. */
    void readToEnd(RunningCall running) {
      boolean ended = false;
      while (!ended && (output != NONE || errors != NONE)) {
        int ready = room.await(handle < 0 ? LOOK : -1, output, errors, handle);
        read(ready, running);
        ended = handle < 0 ? system.hasEnded(pid) : (ready & 4) != 0;
      }
    }

    /** Reads what it has printed before its end. */
    void readRest(RunningCall running) {
      for (int left = 2 * PIPE; left > 0; left -= buffer.length) {
        int ready = room.await(0, output, errors, NONE);
        if (ready == 0) {
          return;
        }
        read(ready, running);
      }
    }

    private void read(int ready, RunningCall running) {
      if ((ready & 1) != 0) {
        int length = room.read(output, buffer);
        running.printed(buffer, length);
        if (length == 0) {
          output = shut(output);
        }
      }
      if ((ready & 2) != 0) {
        int length = room.read(errors, buffer);
        running.complained(buffer, length);
        if (length == 0) {
          errors = shut(errors);
        }
      }
    }

    void close() {
      output = shut(output);
      errors = shut(errors);
      shut(handle);
    }
  }

  @Override
  public CallEnd run(Call call) throws IOException, CommandUnusableException {
    String file = control.nextFile();
    Path result = control.path(file);
    long before = SessionMembers.lastPid();
    List<byte[]> variables = variables(call, result);
    Started started = start(call, call.arguments(), variables, file);
    Optional<List<byte[]>> script = ProgramFile.asScript(call.arguments(), -started.pid);
    if (script.isPresent()) {
      started = start(call, script.get(), variables, file);
    }
    if (started.pid == -Errno.E2BIG) {
      return CallEnd.tooLong();
    }
    if (started.pid < 0) {
      ProgramFile.refuse(call.arguments(), -started.pid);
    }
    RunningCall running = new RunningCall(control, started.pid, result, call, config);
    boolean ended = false;
    watch.add(running);
    try {
      started.readToEnd(running);
      int end = system.awaitEnd(started.pid);
      ended = true;
      boolean cut = running.cutAndGone();
      control.killLeftovers(started.pid, cut ? 0 : before, SessionMembers.lastPid());
      started.readRest(running);
      return running.finish(SystemCalls.status(end), Math.max(0, -end));
    } finally {
      watch.remove(running);
      running.close();
      started.close();
      if (!ended) {
        control.kill(started.pid);
        system.awaitEnd(started.pid);
      }
      control.remove(started.pid);
    }
  }

  private Started start(Call call, List<byte[]> arguments, List<byte[]> variables, String file)
      throws NotStartedException {
    byte[] stdin = call.stdin();
    int input = NONE;
    int[] output = {NONE, NONE};
    int[] errors = {NONE, NONE};
    int pid = 0;
    Path folder = call.place() == null ? null : call.place().folder();
    room.in(folder == null ? null : SystemText.bytes(folder.toString()));
    control.beginStart();
    try {
      if (stdin != null) {
        input = system.memory();
        system.write(input, stdin, 0);
      }
      output = system.pipe();
      errors = system.pipe();
      int[] streams = {input, output[1], errors[1]};
      pid = control.start(file, () -> room.start(arguments, variables, streams));
    } catch (IOException e) {
      throw new NotStartedException(String.valueOf(e.getMessage()));
    } finally {
      shut(input);
      shut(output[1]);
      shut(errors[1]);
      if (pid <= 0) {
        shut(output[0]);
        shut(errors[0]);
      }
      control.endStart();
    }
    return new Started(pid, output[0], errors[0]);
  }

  private int shut(int descriptor) {
    if (descriptor >= 0) {
      system.close(descriptor);
    }
    return NONE;
  }

  private List<byte[]> variables(Call call, Path result) {
    List<byte[]> all =
        List.of(
            queue,
            slot,
            assign("PIECEWORK_ID", call, Attempt::id),
            assign("PIECEWORK_ATTEMPT", call, a -> Integer.toString(a.number())),
            assign("PIECEWORK_TOKEN", call, a -> Long.toString(a.token())),
            SystemText.bytes("PIECEWORK_RESULT=" + result));
    String trace = config.context().traceparent(call.attempts().getFirst());
    String temporary = temporary(call);
    List<byte[]> fields = config.command().variables(call.attempts().getFirst());
    if (trace == null && temporary == null && fields.isEmpty()) {
      return all;
    }
    List<byte[]> more = new ArrayList<>(all);
    if (trace != null) {
      more.add(bytes("TRACEPARENT=" + trace));
    }
    if (temporary != null) {
      more.add(SystemText.bytes(TEMPORARY + "=" + temporary));
    }
    more.addAll(fields);
    return more;
  }

  /** The place that is its own, else ours, if there is one. */
  private @Nullable String temporary(Call call) {
    if (config.places().equals(CommandPlaces.NONE)) {
      return null;
    }
    Path own = call.place() == null ? null : call.place().temporary();
    return own == null ? System.getenv(TEMPORARY) : own.toString();
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
}
