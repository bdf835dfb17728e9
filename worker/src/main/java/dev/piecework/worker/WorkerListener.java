package dev.piecework.worker;

import java.time.Duration;

/**
 * Hears what becomes of a worker and of its attempts; what is not overridden does nothing. Called
 * by the worker's own threads, several at a time, so it had better be quick. What it throws is
 * logged and harms neither item nor worker; only an {@link OutOfMemoryError} ends the worker.
 */
public interface WorkerListener {

  /**
   * An attempt begins: {@link #attemptEnded} follows, but where the worker was stopped and did not
   * wait for it. Called by the slot before it hands the attempt to its handler or loop.
   */
  default void attemptStarted(Attempt attempt) {}

  /**
   * An attempt ended. Whether the queue accepts that is not known yet.
   *
   * @param took from when the slot was given the attempt
   */
  default void attemptEnded(Attempt attempt, Outcome outcome, Duration took) {}

  /**
   * The queue has refused the end of an attempt, for its lease had been lost: others do the item
   * again. Not called for what was given back untried, nor where it is known by then that a person
   * has dropped the item.
   */
  default void leaseLost(Attempt attempt) {}

  /**
   * The session was taken for dead, so that all leases of it are lost. The worker goes on with a
   * new one; attempts that are under way end, and are refused. Of a queue in partitions it is the
   * session in one of them, so that this may be called once for each.
   */
  default void sessionLost() {}

  /**
   * The worker ends. Called once, before {@link RunningWorker#await} returns, and so not to wait
   * for that, nor to close the worker; nothing else is called afterwards. After a stop whose time
   * is over it is not waited for.
   *
   * @param end why, and with what
   */
  default void stopped(WorkerEnd end) {}
}
