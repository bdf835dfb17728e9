package dev.piecework.worker;

import java.time.Duration;

/** Is told of every attempt that ended, from the slot's thread: so it had better be quick. */
@FunctionalInterface
public interface ItemListener {

  /**
   * An attempt ended. Whether the queue accepts that is not known yet.
   *
   * @param took from when the slot was given the attempt
   */
  void ended(Attempt attempt, Outcome outcome, Duration took);
}
