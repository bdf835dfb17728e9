package dev.piecework.worker.process;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A call while it runs: what the watch sees of it, and the files that it writes.
 *
 * <p>Its methods are synchronized: the watch reads standard error while the command runs, the slot
 * does after its end.
 */
final class Running implements Watch.Watched {
  /** SIGKILL follows SIGTERM after this. */
  static final Duration MERCY = Duration.ofSeconds(5);

  private static final int ERRORS_KEPT_IN_FILE = 1 << 18;

  private static final byte[] NOTHING = {};

  private final SessionControl control;
  private final long session;
  private final Thread slot = Thread.currentThread();
  private final long started = System.nanoTime();
  private final Optional<Duration> timeout;
  private final int resultLimit;
  private final StderrTail tail;
  private final File output;
  private final File errors;
  private final File result;

  private Ending.Cut cut = Ending.Cut.NONE;
  private long cutAt;
  private boolean killed;
  private boolean over;
  private long errorsRead;

  Running(
      SessionControl control,
      long session,
      Path stem,
      Optional<Duration> timeout,
      CommandConfig config) {
    this.control = control;
    this.session = session;
    this.timeout = timeout;
    resultLimit = config.resultLimit();
    tail = new StderrTail(config.stderr());
    output = new File(stem + ".o");
    errors = new File(stem + ".e");
    result = new File(stem + ".r");
  }

  @Override
  public synchronized void look(long now) {
    if (over) {
      return;
    }
    try {
      readErrors();
      if (cut == Ending.Cut.NONE) {
        if (slot.isInterrupted()) {
          end(Ending.Cut.INTERRUPT, now);
        } else if (timeout.isPresent() && now - started >= timeout.get().toNanos()) {
          end(Ending.Cut.TIMEOUT, now);
        } else if (output.length() > spill()) {
          if (result.exists()) {
            empty(output);
          } else {
            end(Ending.Cut.OUTPUT, now);
          }
        }
      } else if (!killed && now - cutAt >= MERCY.toNanos()) {
        killed = true;
        control.kill(session);
      }
    } catch (IOException e) {
      // The guard of the sessions or a file is gone; the next look tries again, and the slot sees
      // what is missing.
    }
  }

  /** What a command may print before it is ended: far more than a result, yet bounded. */
  private long spill() {
    return Math.max(4L * resultLimit, 4L << 20);
  }

  private void end(Ending.Cut why, long now) throws IOException {
    cut = why;
    cutAt = now;
    control.terminate(session);
  }

  /** Waits, after a cut, for what is left of the group; what is not gone in time is killed. */
  boolean cutAndGone() {
    boolean interrupted = false;
    try {
      while (true) {
        synchronized (this) {
          if (cut == Ending.Cut.NONE || killed || !Sessions.hasLeftovers(session)) {
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
   * Reads what the call left, and removes it.
   *
   * @throws IOException also when the shell could not create the files: the disk is full, or the
   *     scratch folder is gone
   */
  synchronized Ending finish(int status) throws IOException {
    over = true;
    readErrors();
    tail.end();
    if (status != 0 && cut == Ending.Cut.NONE && !errors.exists()) {
      throw new IOException("cannot create " + errors + ": is the disk full?");
    }
    boolean other = result.exists();
    File given = other ? result : output;
    long length = given.length();
    byte[] bytes = length > resultLimit ? null : read(given, (int) length);
    if (other) {
      delete(result);
    }
    delete(output);
    delete(errors);
    return new Ending(cut, status, bytes, length, tail.kept());
  }

  private void readErrors() throws IOException {
    long length = errors.length();
    if (length <= errorsRead) {
      return;
    }
    try (RandomAccessFile file = new RandomAccessFile(errors, "rw")) {
      byte[] buffer = new byte[8192];
      file.seek(errorsRead);
      int read;
      while ((read = file.read(buffer)) > 0) {
        tail.add(buffer, read);
        errorsRead += read;
      }
      if (errorsRead > ERRORS_KEPT_IN_FILE && !over) {
        // It was opened for appending, so the command goes on at the start.
        file.setLength(0);
        errorsRead = 0;
      }
    }
  }

  private static byte[] read(File file, int length) throws IOException {
    if (length == 0) {
      return NOTHING;
    }
    try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
      byte[] bytes = new byte[length];
      in.readFully(bytes);
      return bytes;
    }
  }

  private static void empty(File file) throws IOException {
    try (RandomAccessFile out = new RandomAccessFile(file, "rw")) {
      out.setLength(0);
    }
  }

  private static void delete(File file) throws IOException {
    if (!file.delete() && file.exists()) {
      throw new IOException("cannot remove " + file);
    }
  }
}
