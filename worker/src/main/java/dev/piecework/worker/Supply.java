package dev.piecework.worker;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where one slot gets its attempts from, and gives their outcomes to. Every attempt that was taken
 * must be finished exactly once, from any thread.
 */
public interface Supply {

  /**
   * The next attempt, waiting for it.
   *
   * @return null when the slot is to end: the queue is drained, or the worker was told to stop
   */
  @Nullable Attempt take() throws InterruptedException;

  /**
   * More attempts, of those that are here already or come within one round trip of Redis.
   *
   * @param max how many at most
   * @return possibly none; never waits for items that others hold
   */
  List<Attempt> more(int max) throws InterruptedException;

  /**
   * Ends an attempt. Returns at once: commits are gathered and sent by the worker. Null for the
   * outcome is a failed attempt.
   *
   * @throws IllegalStateException when this attempt was finished before
   */
  void finish(Attempt attempt, Outcome outcome);

  /**
   * Whether a person has dropped the item of this attempt, or another worker who held it too (a
   * backup attempt) has completed it: nothing that is made of it counts any more, so that the work
   * on it should be stopped, and the attempt finished as {@linkplain Outcome#release released}.
   * From any thread; to be asked now and then.
   */
  boolean isDropped(Attempt attempt);

  /**
   * Whether the worker ends: nothing more is to be begun of what was taken, which is finished as
   * {@linkplain Outcome#release released}; what runs may end. From any thread.
   */
  default boolean isEnding() {
    return false;
  }

  /**
   * Pauses the whole queue, for a fault that would burn every item alike (a command that has
   * vanished). People resume it by hand.
   *
   * @param reason what to tell them
   */
  void pauseQueue(String reason);
}
