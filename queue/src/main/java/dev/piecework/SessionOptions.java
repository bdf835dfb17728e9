package dev.piecework;

import org.jspecify.annotations.Nullable;

/**
 * For which run a session works, and what it must find there. Each session has its own: what one
 * asks for says nothing to the others of the same {@link WorkQueue}.
 *
 * @param run works for this run and no other: a Redis that does not know it has lost it. Null for
 *     the run that the queue object has seen, or the first that the session sees
 * @param expect the run must come to hold this many items: fewer, once no producer is open, is a
 *     loss. 0 for any number
 * @param followsRuns whether it goes on with the next run when one is drained. Then it works for no
 *     run in particular, and a lost one goes unnoticed
 */
public record SessionOptions(@Nullable String run, long expect, boolean followsRuns) {

  /** The run that is there, to its end. */
  public static final SessionOptions DEFAULTS = new SessionOptions(null, 0, false);

  public SessionOptions {
    if (run != null && run.isEmpty()) {
      throw new IllegalArgumentException("the run's id is empty");
    }
    if (expect < 0) {
      throw new IllegalArgumentException("expect is not negative, not " + expect);
    }
  }

  /** For this run and no other. */
  public SessionOptions withRun(String id) {
    return new SessionOptions(id, expect, followsRuns);
  }

  /** For a run of at least so many items. */
  public SessionOptions withExpect(long items) {
    return new SessionOptions(run, items, followsRuns);
  }

  /** For one run after the other. */
  public SessionOptions followingRuns() {
    return new SessionOptions(run, expect, true);
  }
}
