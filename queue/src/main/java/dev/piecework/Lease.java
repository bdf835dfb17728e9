package dev.piecework;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The right of one session to work on one item now. It is ended once, by {@link #complete}, {@link
 * #retry}, {@link #bury} or {@link #release}; a second end, or one after the session was reaped,
 * changes nothing and throws {@link LeaseLostException}.
 *
 * <p>These four each take a round trip. To end many at once, and lease the next in the same call,
 * see {@link Session#step}.
 *
 * <p>A test may implement it, to drive a handler by hand; a session refuses leases that it did not
 * give.
 */
public interface Lease {

  /** The item's id, unique in its run. */
  String id();

  /** The item as its producer gave it; not copied, so not to be changed. */
  byte[] payload();

  /** The payload as UTF-8 text. */
  default String text() {
    return new String(payload(), StandardCharsets.UTF_8);
  }

  /** 1 for the first, and one more each time the item came back, failed or lost. */
  int attempt();

  /** How many workers died while they held this item. */
  int losses();

  /** Grows with every lease of the item; a fencing token for writes to other systems. */
  long token();

  /** The session that holds it. */
  Session session();

  /** The largest result that its queue takes by now, in bytes. */
  default int resultMax() {
    return session().settings().resultMax();
  }

  /** The item is done, without a result. */
  void complete();

  /**
   * The item is done, with the bytes to keep.
   *
   * @throws ResultTooLargeException when these are more than the queue's {@code result-max}; the
   *     lease is still held
   */
  void complete(byte[] result);

  /** The attempt failed: again after the queue's back-off, or dead if attempts are used up. */
  void retry(String reason);

  /** The attempt failed: again after this time, or dead if attempts are used up. */
  void retry(String reason, Duration after);

  /** The item is dead now, whatever is left of its attempts. */
  void bury(String reason);

  /** Given back untried: to the front of the queue, nothing is counted. */
  void release();
}
