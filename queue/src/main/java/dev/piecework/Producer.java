package dev.piecework;

import org.jspecify.annotations.Nullable;

/**
 * An open producer: while it is open the queue is not drained. It is heard by a heartbeat of its
 * own; one that goes silent has the queue's producer grace to come back, then the run is
 * incomplete.
 *
 * <p>Not for use by several threads at once.
 */
public interface Producer extends AutoCloseable {

  /** The producer's name. */
  String source();

  /** Records that an earlier fill of this source had added already; they are to be added again. */
  long resumedAt();

  /**
   * Adds one record. Records are sent in chunks: when one is full, when {@link #flush} is called,
   * and at the latest some 100 ms after the first of the chunk. Of a source that broke off the
   * first {@link #resumedAt} are compared with what was given then and not added again.
   *
   * <p>A chunk travels while the next is put together, so what Redis says of it is thrown by a
   * later call, of {@link #finish} at the latest.
   *
   * @throws FillRefusedException when the input differs from what was given then (it says at which
   *     record), when the payload is too large, or the id is taken; chunks before stay added
   */
  void add(Item item);

  /** Sends what was added so far, and returns when Redis has it. */
  void flush();

  /** Records added so far, those of an earlier fill included. */
  long count();

  /** Sends the rest, waits until it is durable, and closes the source (unless held). */
  default FillReport finish() {
    return finish(null);
  }

  /**
   * As {@link #finish()}, by a quicker way to make Redis's writes durable than waiting for it.
   *
   * @param syncToDisk returns when all that Redis has written so far is on disk; for whoever owns
   *     the server
   */
  FillReport finish(@Nullable Runnable syncToDisk);

  /**
   * Without {@link #finish} before: gives up. What was sent stays, and the source stays open and
   * becomes silent, for the input was not read to its end. If the fill was refused, nobody waits
   * for it to come back: the run is incomplete at once, or knows nothing of a source that gave
   * nothing.
   */
  @Override
  void close();
}
