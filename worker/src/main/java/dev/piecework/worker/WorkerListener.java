package dev.piecework.worker;

import java.time.Duration;

/**
 * Hears what becomes of a worker and of its attempts; what is not overridden does nothing. Called
 * by the worker's own threads, several at a time, so it had better be quick. What it throws is
 * logged and harms neither item nor worker; only an {@link OutOfMemoryError} ends the worker.
 */
public interface WorkerListener {

  /**
   * An attempt ended. Whether the queue accepts that is not known yet. From the slot's thread.
   *
   * @param took from when the slot was given the attempt
   */
  default void attemptEnded(Attempt attempt, Outcome outcome, Duration took) {}

  /**
   * The queue has refused the end of an attempt, for its lease had been lost: others do the item
   * again. Not called for what was given back untried, nor where a person has dropped the item.
   */
  default void leaseLost(Attempt attempt) {}

  /**
   * The session was taken for dead, so that all leases of it are lost. The worker goes on with a
   * new one; attempts that are under way end, and are refused.
   */
  default void sessionLost() {}

  /**
   * The worker ends. Called once, the last of all, before {@link RunningWorker#await} returns.
   *
   * @param end why, and with what
   */
  default void stopped(WorkerEnd end) {}
}
