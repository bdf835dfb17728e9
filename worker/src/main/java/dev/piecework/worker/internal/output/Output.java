package dev.piecework.worker.internal.output;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.process.ResultFolder;
import dev.piecework.worker.process.ResultLimits;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a command prints, kept whole up to a limit; of what is longer only its length is known. What
 * is too large for memory goes to a file while it is printed, where there is a folder for that.
 */
public final class Output {
  private static final byte[] NOTHING = {};

  private final ResultLimits limits;
  private final Attempt attempt;
  private final int inMemory;
  private byte[] kept = NOTHING;
  private long length;
  private @Nullable PartialResult file;
  private @Nullable ResultFileException failure;
  private boolean over;

  /**
   * @param attempt whose result it is
   */
  public Output(ResultLimits limits, Attempt attempt) {
    this.limits = limits;
    this.attempt = attempt;
    inMemory = ResultBounds.held(limits);
  }

  public synchronized void add(byte[] bytes, int count) {
    if (over) {
      return;
    }
    long after = length + count;
    if (after > limits.most()) {
      kept = NOTHING;
      discard();
    } else if (after > inMemory && failure == null) {
      toFile(bytes, count);
    } else if (failure == null) {
      if (after > kept.length) {
        kept = Arrays.copyOf(kept, (int) Math.min(inMemory, Math.max(after, 2L * kept.length)));
      }
      System.arraycopy(bytes, 0, kept, (int) length, count);
    }
    length = after;
  }

  private void toFile(byte[] bytes, int count) {
    ResultFolder folder = limits.folder();
    if (folder == null) {
      return;
    }
    try {
      PartialResult open = file;
      if (open == null) {
        open = new ResultFiles(folder.path()).begin(attempt);
        file = open;
        open.write(kept, (int) length);
        kept = NOTHING;
      }
      open.write(bytes, count);
    } catch (IOException full) {
      failure = new ResultFileException(file == null ? folder.path() : file.path(), full);
      kept = NOTHING;
      discard();
    }
  }

  /** Whether it cannot be had whole, so that the rest need not be waited for. */
  public synchronized boolean hasFailed() {
    return failure != null;
  }

  /**
   * All of it, or what refers to its file, or null if it is longer than the limit.
   *
   * @param wanted whether it is a result; else there is no file of it
   */
  public synchronized byte @Nullable [] whole(boolean wanted) throws ResultFileException {
    over = true;
    if (failure != null) {
      throw failure;
    }
    if (length > limits.most()) {
      return null;
    }
    PartialResult open = file;
    if (open != null) {
      return wanted ? keep(open) : NOTHING;
    }
    return length == kept.length ? kept : Arrays.copyOf(kept, (int) length);
  }

  private static byte[] keep(PartialResult open) throws ResultFileException {
    try {
      return open.keep().reference();
    } catch (IOException full) {
      throw new ResultFileException(open.path(), full);
    }
  }

  /** Nothing more is taken, and a file that was not kept is removed. */
  public synchronized void end() {
    over = true;
    discard();
  }

  private void discard() {
    PartialResult open = file;
    file = null;
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException left) {
      // It is removed when the folder is opened the next time.
    }
  }

  public synchronized long length() {
    return length;
  }
}
