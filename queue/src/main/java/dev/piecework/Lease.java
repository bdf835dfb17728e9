package dev.piecework;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right of one session to work on one item now. It is ended once, by {@link #complete}, {@link
 * #retry}, {@link #bury} or {@link #release}; a second end, or one after the session was reaped,
 * changes nothing and throws {@link LeaseLostException}.
 *
 * <p>These four each take a round trip. To end many at once, and lease the next in the same call,
 * see {@link Session#step}.
 */
public final class Lease {

  private final Session session;
  private final String id;
  private final byte[] payload;
  private final int attempt;
  private final int losses;
  private final long token;
  private final AtomicBoolean ended = new AtomicBoolean();

  Lease(Session session, String id, byte[] payload, Tries tries, long token) {
    this.session = session;
    this.id = id;
    this.payload = payload;
    this.attempt = tries.attempt();
    this.losses = tries.losses();
    this.token = token;
  }

  /** The item's id, unique in its run. */
  public String id() {
    return id;
  }

  /** The item as its producer gave it; not copied, so not to be changed. */
  public byte[] payload() {
    return payload;
  }

  /** The payload as UTF-8 text. */
  public String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }

  /** 1 for the first, and one more each time the item came back, failed or lost. */
  public int attempt() {
    return attempt;
  }

  /** How many workers died while they held this item. */
  public int losses() {
    return losses;
  }

  /** Grows with every lease of the item; a fencing token for writes to other systems. */
  public long token() {
    return token;
  }

  /** The session that holds it. */
  public Session session() {
    return session;
  }

  /** The item is done, without a result. */
  public void complete() {
    session.endNow(Ending.complete(this));
  }

  /** The item is done, with the bytes to keep. */
  public void complete(byte[] result) {
    session.endNow(Ending.complete(this, result));
  }

  /** The attempt failed: again after the queue's back-off, or dead if attempts are used up. */
  public void retry(String reason) {
    session.endNow(new Ending.Retry(this, reason, Optional.empty()));
  }

  /** The attempt failed: again after this time, or dead if attempts are used up. */
  public void retry(String reason, Duration after) {
    session.endNow(new Ending.Retry(this, reason, Optional.of(after)));
  }

  /** The item is dead now, whatever is left of its attempts. */
  public void bury(String reason) {
    session.endNow(new Ending.Bury(this, reason));
  }

  /** Given back untried: to the front of the queue, nothing is counted. */
  public void release() {
    session.endNow(new Ending.Release(this));
  }

  /** Claims the one end that a lease has; false when it was ended before. */
  boolean end() {
    return ended.compareAndSet(false, true);
  }

  /** Whether {@link #end} was called. */
  boolean isEnded() {
    return ended.get();
  }

  static List<Lease> none() {
    return List.of();
  }

  @Override
  public String toString() {
    return "Lease[" + id + ", attempt " + attempt + ", token " + token + "]";
  }
}
