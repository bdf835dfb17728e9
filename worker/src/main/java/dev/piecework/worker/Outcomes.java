package dev.piecework.worker;

import dev.piecework.Ending;
import dev.piecework.Lease;
import dev.piecework.ResultTooLargeException;
import java.io.PrintWriter;
import java.io.StringWriter;

/** Turns what a handler says, or throws, into the end of a lease. */
final class Outcomes {

  /** As much as is kept of a command's stderr. */
  private static final int EVIDENCE = 4_096;

  private Outcomes() {}

  /** A result that the queue does not take buries the item: it would be no smaller next time. */
  static Outcome thatFits(Lease lease, Outcome outcome) {
    if (outcome instanceof Outcome.Done done && done.result() != null) {
      try {
        var unused = Ending.complete(lease, done.result());
      } catch (ResultTooLargeException tooLarge) {
        return Outcome.bury(String.valueOf(tooLarge.getMessage()));
      }
    }
    return outcome;
  }

  static Ending ending(Lease lease, Outcome outcome, Ending.Took took) {
    return switch (outcome) {
      case Outcome.Done done -> new Ending.Complete(lease, done.result(), done.lot(), took);
      case Outcome.Retry retry -> new Ending.Retry(lease, retry.reason(), retry.after());
      case Outcome.NotYet notYet -> new Ending.NotYet(lease, notYet.reason());
      case Outcome.Bury bury -> new Ending.Bury(lease, bury.reason());
      case Outcome.Release release -> new Ending.Release(lease);
    };
  }

  static Attempt attempt(Lease lease) {
    return new Attempt(lease.id(), lease.payload(), lease.attempt(), lease.token());
  }

  /** A failed attempt, with the beginning of the stack trace as its evidence. */
  static Outcome thrown(Throwable thrown) {
    String text;
    try {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      text = trace.toString().strip();
    } catch (RuntimeException | StackOverflowError fromTheException) {
      // A message is made by the handler's code too.
      text = thrown.getClass().getName();
    }
    return Outcome.retry(text.length() > EVIDENCE ? text.substring(0, EVIDENCE) : text);
  }
}
