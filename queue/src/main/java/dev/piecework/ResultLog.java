package dev.piecework;

import java.util.List;

/**
 * The stored results of the current run as a log: each has a sequence, from 1 and without gaps, in
 * the order of their commits. For whoever takes results out of Redis, keeps where it was, and lets
 * Redis forget them; whoever only reads them streams {@link WorkQueue#results}.
 *
 * <p>Each partition of a queue commits by itself, in one script, so each has a log of its own; no
 * position means anything in another one.
 */
public interface ResultLog {

  /**
   * At most {@code max} results whose sequence is greater than {@code sequence}.
   *
   * @return in their order; empty when there are no more yet, or no run
   * @throws RunLostException when they cannot be read any more: the queue has had two runs since
   */
  List<Result> after(long sequence, int max);

  /** Lets Redis forget the results up to this sequence: they are safe elsewhere. */
  void dropUpTo(long sequence);
}
