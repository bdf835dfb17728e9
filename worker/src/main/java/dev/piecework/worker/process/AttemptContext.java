package dev.piecework.worker.process;

import dev.piecework.worker.Attempt;
import org.jspecify.annotations.Nullable;

/**
 * Which trace an attempt belongs to, so that commands can go on with it. Whoever makes traces hears
 * of the attempt first, by {@link dev.piecework.worker.WorkerListener#attemptStarted}.
 */
@FunctionalInterface
public interface AttemptContext {

  /** Tells nothing: what commands inherit of the worker's own environment stays. */
  AttemptContext NONE = attempt -> null;

  /**
   * The value of {@code TRACEPARENT}, as W3C's Trace Context has it: a command for one item gets it
   * in its environment, one for a batch that of the first item, a child with each item.
   *
   * @return null for none
   */
  @Nullable String traceparent(Attempt attempt);
}
