package dev.piecework.worker.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A call while it runs: what the watch sees of it, and what it has printed so far.
 *
 * <p>Its methods are synchronized, where the watch and whoever reads the command's output meet.
 */
final class Running implements Watch.Watched {
  /** SIGKILL follows SIGTERM after this. */
  static final Duration MERCY = Duration.ofSeconds(5);

  private final SessionControl control;
  private final long session;
  private final Thread slot = Thread.currentThread();
  private final long started = System.nanoTime();
  private final Optional<Duration> timeout;
  private final int resultLimit;
  private final BooleanSupplier dropped;
  private final StderrTail tail;
  private final Output output;
  private final File result;

  private Ending.Cut cut = Ending.Cut.NONE;
  private long cutAt;
  private boolean killed;
  private boolean over;

  /**
   * @param result the file that replaces standard output, if the command makes it
   */
  Running(SessionControl control, long session, Path result, Call call, CommandConfig config) {
    this.control = control;
    this.session = session;
    timeout = config.timeout().map(t -> t.multipliedBy(call.attempts().size()));
    dropped = call.dropped();
    resultLimit = config.resultLimit();
    tail = new StderrTail(config.stderr());
    output = new Output(resultLimit);
    this.result = result.toFile();
  }

  /** It has printed this. For one thread. */
  void printed(byte[] bytes, int length) {
    output.add(bytes, length);
    if (output.length() > bound() && !result.exists()) {
      synchronized (this) {
        if (cut == Ending.Cut.NONE && !over) {
          end(Ending.Cut.OUTPUT, System.nanoTime());
        }
      }
    }
  }

  /** It has said this on standard error. For one thread. */
  void complained(byte[] bytes, int length) {
    tail.add(bytes, length);
  }

  /** The slot was interrupted, and its thread cannot show it. */
  synchronized void interrupted() {
    if (cut == Ending.Cut.NONE && !over) {
      end(Ending.Cut.INTERRUPT, System.nanoTime());
    }
  }

  @Override
  public synchronized void look(long now) {
    if (over) {
      return;
    }
    if (cut == Ending.Cut.NONE) {
      if (slot.isInterrupted()) {
        end(Ending.Cut.INTERRUPT, now);
      } else if (timeout.isPresent() && now - started >= timeout.get().toNanos()) {
        end(Ending.Cut.TIMEOUT, now);
      } else if (dropped.getAsBoolean()) {
        end(Ending.Cut.DROPPED, now);
      }
    } else if (!killed && now - cutAt >= MERCY.toNanos()) {
      try {
        control.kill(session);
        killed = true;
      } catch (IOException e) {
        // The guard of the sessions is gone; the next look tries again.
      }
    }
  }

  /** What a command may print before it is ended: far more than a result, yet bounded. */
  private long bound() {
    return Math.max(4L * resultLimit, 4L << 20);
  }

  private void end(Ending.Cut why, long now) {
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
          if (cut == Ending.Cut.NONE || killed || !control.hasLeftovers(session)) {
            over = true;
            return cut != Ending.Cut.NONE;
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
   * @throws IOException when its result cannot be had whole
   */
  synchronized Ending finish(int status) throws IOException {
    over = true;
    tail.end();
    if (!result.exists()) {
      return new Ending(cut, status, output.whole(), output.length(), tail.kept());
    }
    try {
      long length = result.length();
      byte[] bytes = length > resultLimit ? null : ResultFile.read(result, (int) length);
      return new Ending(cut, status, bytes, length, tail.kept());
    } finally {
      ResultFile.delete(result);
    }
  }
}
