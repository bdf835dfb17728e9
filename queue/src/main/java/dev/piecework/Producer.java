package dev.piecework;

/**
 * An open producer: while it is open the queue is not drained. It is heard by a heartbeat of its
 * own; one that goes silent has the queue's producer grace to come back, then the run is
 * incomplete.
 *
 * <p>Not for use by several threads at once.
 */
public final class Producer implements AutoCloseable {

  /** The producer's name. */
  public String source() {
    throw new UnsupportedOperationException();
  }

  /** Records that an earlier fill of this source had added already; they are to be added again. */
  public long resumedAt() {
    throw new UnsupportedOperationException();
  }

  /**
   * Adds one record. Records are sent in chunks: when one is full, when {@link #flush} is called,
   * and at the latest some 100 ms after the first of the chunk. Of a source that broke off the
   * first {@link #resumedAt} are compared with what was given then and not added again.
   *
   * @throws FillRefusedException when the input differs from what was given then (it says at which
   *     record), when the payload is too large, or the id is taken; chunks before stay added
   */
  public void add(Item item) {
    throw new UnsupportedOperationException();
  }

  /** Sends what was added so far. */
  public void flush() {
    throw new UnsupportedOperationException();
  }

  /** Records added so far, those of an earlier fill included. */
  public long count() {
    throw new UnsupportedOperationException();
  }

  /** Sends the rest, waits until it is durable, and closes the source (unless held). */
  public FillReport finish() {
    throw new UnsupportedOperationException();
  }

  /**
   * Without {@link #finish} before: gives up. What was sent stays; the source stays open and
   * becomes silent, for the input was not read to its end.
   */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
