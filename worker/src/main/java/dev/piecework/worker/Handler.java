package dev.piecework.worker;

/** Does one item. Called from as many threads at once as the worker has slots. */
@FunctionalInterface
public interface Handler {

  /**
   * Handles one attempt.
   *
   * @return what happens next to the item
   * @throws Exception anything thrown is a failed attempt, as {@link Outcome#retry(String)}
   */
  Outcome handle(Attempt attempt) throws Exception;
}
