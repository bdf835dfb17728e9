package dev.piecework.worker.internal.child;

import dev.piecework.worker.Attempt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of a long-lived child.
 *
 * @param cut why we ended it, or {@link Cut#NONE} if it ended by itself
 * @param status the exit code, or -1 if it was killed together with its shell
 * @param readNothing whether it left all that it was sent, or was sent nothing
 * @param answered whether it ever answered
 * @param atFault what it was on, if that is to blame
 * @param untouched what it was sent beside
 * @param errors the end of what it wrote on standard error
 */
record Death(
    Cut cut,
    int status,
    boolean readNothing,
    boolean answered,
    @Nullable Attempt atFault,
    List<Attempt> untouched,
    byte[] errors) {

  enum Cut {
    NONE,
    /** Its oldest item had no answer in time. */
    TIMEOUT,
    /** The slot was interrupted: nothing can be said of the items. */
    INTERRUPT,
    /** Its oldest item was dropped. */
    DROPPED,
    /** It answered with a line longer than any answer may be. */
    ENDLESS_LINE,
    /** It has had its end of input and does not leave. */
    LINGERING
  }
}
