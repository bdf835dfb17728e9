package dev.piecework.worker.internal.call;

import org.jspecify.annotations.Nullable;

/**
 * How a call ended.
 *
 * @param cut why we ended it, or {@link Cut#NONE} if it ended by itself
 * @param status the exit code; 128 + n if a signal n ended it
 * @param signal that ended it, or 0 for none or where that is not known
 * @param output what it gave as its result, or null if that is longer than the limit
 * @param outputBytes how long the result is
 * @param errors the end of what it wrote on standard error
 */
public record CallEnd(
    Cut cut, int status, int signal, byte @Nullable [] output, long outputBytes, byte[] errors) {
  public enum Cut {
    NONE,
    /** The timeout passed. */
    TIMEOUT,
    /** Standard output grew beyond all measure. */
    OUTPUT,
    /** The slot was interrupted: nothing can be said of the items. */
    INTERRUPT,
    /** Its items were dropped: nothing is said of them. */
    DROPPED,
    /** A result so large that it is a file of its own could not be written: no result. */
    DISK,
    /** Its result would be taken for the name of a file. */
    REFERENCE,
    /** The system does not take so many arguments; nothing ran. */
    ARGUMENTS
  }

  /** Of a call that never ran, since its arguments are too long. */
  public static CallEnd tooLong() {
    return new CallEnd(Cut.ARGUMENTS, 0, 0, null, 0, new byte[0]);
  }

  public boolean ok() {
    return cut == Cut.NONE && status == 0;
  }
}
