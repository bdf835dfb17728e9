package dev.piecework.worker.internal.exchange;

import dev.piecework.Lease;
import dev.piecework.ResultTooLargeException;
import dev.piecework.Settlement;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.process.FileResult;
import java.io.PrintWriter;
import java.io.Writer;

/** Turns what a handler says, or throws, into the end of a lease. */
public final class Outcomes {

  /** As much as is kept of a command's stderr. */
  private static final int EVIDENCE = 4_096;

  private static final int LINE = 500;

  private Outcomes() {}

  /** A result that the queue does not take buries the item: it would be no smaller next time. */
  public static Outcome thatFits(Lease lease, Outcome outcome) {
    byte[] result = outcome instanceof Outcome.Done done ? done.result() : null;
    if (result != null) {
      try {
        var unused = Settlement.complete(lease, result);
      } catch (ResultTooLargeException tooLarge) {
        return Outcome.bury(String.valueOf(tooLarge.getMessage()));
      }
    }
    return outcome;
  }

  /** A result of a Java handler is data, also when it begins like the reference to a file. */
  public static Outcome ofData(Outcome outcome) {
    return outcome instanceof Outcome.Done(byte[] result, String batch)
            && result != null
            && FileResult.isReference(result)
        ? new Outcome.Done(FileResult.committed(result), batch)
        : outcome;
  }

  public static Settlement settlement(Lease lease, Outcome outcome, Settlement.Took took) {
    return switch (outcome) {
      case Outcome.Done done -> new Settlement.Complete(lease, done.result(), done.batch(), took);
      case Outcome.Retry retry -> new Settlement.Retry(lease, retry.reason(), retry.after(), took);
      case Outcome.NotYet notYet -> new Settlement.NotYet(lease, notYet.reason(), took);
      case Outcome.Bury bury -> new Settlement.Bury(lease, bury.reason(), took);
      case Outcome.Release release -> new Settlement.Release(lease);
    };
  }

  public static Attempt attempt(Lease lease) {
    return new Attempt(lease.id(), lease.payload(), lease.attempt(), lease.token());
  }

  /** The same, of a lease that may be lost alone while the attempt runs. */
  public static Attempt attempt(Lease lease, DroppedLeases dropped) {
    return new Attempt(
        lease.id(), lease.payload(), lease.attempt(), lease.token(), () -> dropped.contains(lease));
  }

  /** A failed attempt, with the beginning of the stack trace as its evidence. */
  public static Outcome thrown(Throwable thrown) {
    Beginning trace = new Beginning();
    try {
      thrown.printStackTrace(new PrintWriter(trace));
    } catch (Throwable fromTheException) {
      // It is full; or a message could not be made, which is code of the handler's too.
    }
    String text = trace.text.toString().strip();
    return Outcome.retry(text.isEmpty() ? thrown.getClass().getName() : text);
  }

  /** What can be said of something thrown in one line, whatever its methods do. */
  public static String name(Throwable thrown) {
    try {
      String text = String.valueOf(thrown);
      return text.length() > LINE ? text.substring(0, LINE) : text;
    } catch (Throwable fromTheException) {
      return thrown.getClass().getName();
    }
  }

  /** Keeps the beginning, and ends the writing of the rest, which may have no end. */
  private static final class Beginning extends Writer {

    private final StringBuilder text = new StringBuilder();

    @Override
    public void write(char[] chars, int from, int length) {
      text.append(chars, from, Math.min(length, EVIDENCE - text.length()));
      if (text.length() >= EVIDENCE) {
        throw new IllegalStateException("full");
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
