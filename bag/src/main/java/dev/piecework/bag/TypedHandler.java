package dev.piecework.bag;

import dev.piecework.worker.Attempt;

/**
 * Makes a result of one item. Called from as many threads at once as the worker has slots.
 *
 * @param <T> items
 * @param <R> results
 */
@FunctionalInterface
public interface TypedHandler<T, R> {

  /**
   * Does one item.
   *
   * @param attempt its number, its token, and whether it {@linkplain Attempt#isCancelled is
   *     cancelled}
   * @return the item's result
   * @throws BuryItemException no attempt will ever help: the item is dead
   * @throws RetryItemException this attempt has failed, and says when to try again
   * @throws Exception this attempt has failed; the item is tried again after the queue's back-off,
   *     or is dead when its attempts are used up
   */
  R handle(T item, Attempt attempt) throws Exception;
}
