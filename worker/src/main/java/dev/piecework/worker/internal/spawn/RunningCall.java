package dev.piecework.worker.internal.spawn;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.internal.call.Call;
import dev.piecework.worker.internal.call.CallEnd;
import dev.piecework.worker.internal.output.NotRecordedException;
import dev.piecework.worker.internal.output.Output;
import dev.piecework.worker.internal.output.ResultBounds;
import dev.piecework.worker.internal.output.ResultFile;
import dev.piecework.worker.internal.output.StderrTail;
import dev.piecework.worker.internal.session.Watch;
import dev.piecework.worker.process.CommandConfig;
import dev.piecework.worker.process.CommandListener;
import dev.piecework.worker.process.CommandRecord;
import dev.piecework.worker.process.FileResult;
import dev.piecework.worker.process.ItemTimeout;
import dev.piecework.worker.process.ResultFolder;
import dev.piecework.worker.process.ResultLimits;
import dev.piecework.worker.process.SessionControl;
import dev.piecework.worker.process.StartedCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call while it runs: what the watch sees of it, and what it has printed so far.
 *
 * <p>Its methods are synchronized, where the watch and whoever reads the command's output meet.
 */
public final class RunningCall implements Watch.Watched {
  /** SIGKILL follows SIGTERM after this. */
  public static final Duration KILL_AFTER = Duration.ofSeconds(5);

  private static final byte[] NOTHING = {};

  private final SessionControl control;
  private final long session;
  private final Thread slot = Thread.currentThread();
  private final long started = System.nanoTime();
  private final ItemTimeout timeout;
  private final int items;
  private final BooleanSupplier dropped;
  private final ResultLimits results;
  private final Attempt attempt;
  private final StderrTail tail;
  private final Output output;
  private final File result;
  private final @Nullable CommandRecord record;

  private CallEnd.Cut cut = CallEnd.Cut.NONE;
  private long cutAt;
  private boolean killed;
  private boolean over;

  /**
   * @param result the file that replaces standard output, if the command makes it
   */
  RunningCall(SessionControl control, long session, Path result, Call call, CommandConfig config) {
    this.control = control;
    this.session = session;
    timeout = config.timeout();
    items = call.attempts().size();
    dropped = call.dropped();
    results =
        call.attempts().size() == 1 ? config.results() : ResultBounds.forSeveral(config.results());
    attempt = call.attempts().getFirst();
    record = record(call, config);
    Consumer<String> lines = record == null ? null : record.stderrLines();
    tail = new StderrTail(lines == null ? config.stderr() : lines);
    output = new Output(results, attempt);
    this.result = result.toFile();
  }

  private static @Nullable CommandRecord record(Call call, CommandConfig config) {
    if (config.listener().equals(CommandListener.NONE)) {
      return null;
    }
    byte[] stdin = call.stdin();
    return config
        .listener()
        .started(
            new StartedCommand(
                call.arguments(), call.attempts(), call.slot(), stdin == null ? 0 : stdin.length));
  }

  /** It has printed this. For one thread. */
  void printed(byte[] bytes, int length) {
    if (record != null) {
      record.printed(bytes, length);
    }
    output.add(bytes, length);
    boolean failed = output.hasFailed();
    if ((failed || output.length() > ResultBounds.endless(results)) && !result.exists()) {
      synchronized (this) {
        if (cut == CallEnd.Cut.NONE && !over) {
          end(failed ? CallEnd.Cut.DISK : CallEnd.Cut.OUTPUT, System.nanoTime());
        }
      }
    }
  }

  /** It has said this on standard error. For one thread. */
  void complained(byte[] bytes, int length) {
    if (record != null) {
      record.complained(bytes, length);
    }
    tail.add(bytes, length);
  }

  /** The slot was interrupted, and its thread cannot show it. */
  synchronized void interrupted() {
    if (cut == CallEnd.Cut.NONE && !over) {
      end(CallEnd.Cut.INTERRUPT, System.nanoTime());
    }
  }

  private boolean isOverdue(long now) {
    Optional<Duration> limit = timeout.now();
    return limit.isPresent() && now - started >= limit.get().toNanos() * items;
  }

  @Override
  public synchronized void look(long now) {
    if (over) {
      return;
    }
    if (cut == CallEnd.Cut.NONE) {
      if (slot.isInterrupted()) {
        end(CallEnd.Cut.INTERRUPT, now);
      } else if (isOverdue(now)) {
        end(CallEnd.Cut.TIMEOUT, now);
      } else if (dropped.getAsBoolean()) {
        end(CallEnd.Cut.DROPPED, now);
      }
    } else if (!killed && now - cutAt >= KILL_AFTER.toNanos()) {
      try {
        control.kill(session);
        killed = true;
      } catch (IOException e) {
        // The guard of the sessions is gone; the next look tries again.
      }
    }
  }

  private void end(CallEnd.Cut why, long now) {
    try {
      control.terminate(session);
      cut = why;
      cutAt = now;
    } catch (IOException e) {
      // The next look tries again.
    }
  }

  /** Waits, after a cut, for what is left of the group; what is not gone in time is killed. */
  boolean cutAndGone() {
    boolean interrupted = false;
    try {
      while (true) {
        synchronized (this) {
          if (cut == CallEnd.Cut.NONE || killed || !control.hasLeftovers(session)) {
            over = true;
            return cut != CallEnd.Cut.NONE;
          }
        }
        LockSupport.parkNanos(10_000_000);
        // While the flag is up, parking returns at once.
        interrupted |= Thread.interrupted();
      }
    } finally {
      if (interrupted) {
        slot.interrupt();
      }
    }
  }

  /**
   * What it came to, when nothing of it is left to come.
   *
   * @param signal that ended it, or 0
   * @throws IOException when its result cannot be had whole, or its end not be kept
   */
  synchronized CallEnd finish(int status, int signal) throws IOException {
    over = true;
    tail.end();
    if (record == null) {
      return end(status, signal);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    boolean givenBack = true;
    try {
      CallEnd end = end(status, signal);
      givenBack = end.cut() == CallEnd.Cut.INTERRUPT || end.cut() == CallEnd.Cut.DROPPED;
      return end;
    } finally {
      tell(record, new CommandRecord.End(status, signal, givenBack, took, tail.kept()));
    }
  }

  private static void tell(CommandRecord hears, CommandRecord.End end) throws NotRecordedException {
    try {
      hears.ended(end);
    } catch (IOException full) {
      throw new NotRecordedException(full);
    }
  }

  private CallEnd end(int status, int signal) throws IOException {
    boolean done = cut == CallEnd.Cut.NONE && status == 0;
    if (!result.exists()) {
      byte[] printed = output.whole(done);
      return ending(status, signal, printed, output.length());
    }
    output.end();
    try {
      long length = result.length();
      return ending(status, signal, fromFile(length, done), length);
    } finally {
      ResultFile.delete(result);
    }
  }

  private byte @Nullable [] fromFile(long length, boolean done) throws IOException {
    ResultFolder folder = results.folder();
    if (length > results.most()) {
      return null;
    }
    if (folder == null || length <= ResultBounds.held(results)) {
      return ResultFile.read(result, (int) length);
    }
    return done ? ResultFile.keep(result, folder, attempt) : NOTHING;
  }

  private CallEnd ending(int status, int signal, byte @Nullable [] bytes, long length) {
    // A reference of ours is for what is large.
    boolean like = bytes != null && bytes.length == length && FileResult.isReference(bytes);
    CallEnd.Cut why = cut == CallEnd.Cut.NONE && like ? CallEnd.Cut.REFERENCE : cut;
    return new CallEnd(why, status, signal, bytes, length, tail.kept());
  }

  /** Whatever came of it, it is over: no unfinished file is left. */
  void close() {
    output.end();
  }
}
