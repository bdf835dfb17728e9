package dev.piecework.worker.internal.child;

import dev.piecework.worker.Attempt;
import org.jspecify.annotations.Nullable;

/** Hears what becomes of a child's items; called from a thread of the child's. */
interface ChildListener {
  void answered(Attempt attempt, Answer answer);

  /** Whether nobody wants its answer any more. */
  boolean isDropped(Attempt attempt);

  /** A line that answers nothing that was asked; {@code id} is null if it is no answer at all. */
  void strayLine(@Nullable String id, String line);

  /** The child is gone; called once, after everything else. */
  void ended(Death death);
}
