package dev.piecework;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * The right of one session to work on one item now. It is ended once, by {@link #complete}, {@link
 * #retry}, {@link #bury} or {@link #release}; a second end, or one after the session was reaped,
 * changes nothing and throws {@link LeaseLostException}.
 *
 * <p>These four each take a round trip. To end many at once, and lease the next in the same call,
 * see {@link Session#step}.
 */
public final class Lease {

  /**
   * What all leases of one call have in common.
   *
   * @param sessionId the id that the session had: after it was reaped it goes on under another
   * @param leasedNanos by {@link System#nanoTime}
   * @param resultMax the largest result that the queue takes by now
   */
  record Given(
      SingleSession session,
      Partition partition,
      String sessionId,
      long token,
      long leasedNanos,
      IntSupplier resultMax) {}

  private static final VarHandle ENDED;

  static {
    try {
      ENDED = MethodHandles.lookup().findVarHandle(Lease.class, "ended", boolean.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private final Given given;
  private final String id;
  private final byte[] payload;
  private final Tries tries;

  @SuppressWarnings({"unused", "FieldMayBeFinal"}) // by its handle: a million leases are in flight
  private volatile boolean ended;

  Lease(Given given, String id, byte[] payload, Tries tries) {
    this.given = given;
    this.id = id;
    this.payload = payload;
    this.tries = tries;
  }

  /** The item's id, unique in its run. */
  public String id() {
    return given.partition.shown(id);
  }

  /** The id as the scripts know it. */
  String stored() {
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
    return tries.attempt();
  }

  /** How many workers died while they held this item. */
  public int losses() {
    return tries.losses();
  }

  /** Grows with every lease of the item; a fencing token for writes to other systems. */
  public long token() {
    return given.token;
  }

  /** The session that holds it. */
  public Session session() {
    return given.session;
  }

  /** The item is done, without a result. */
  public void complete() {
    given.session.endNow(Ending.complete(this));
  }

  /**
   * The item is done, with the bytes to keep.
   *
   * @throws ResultTooLargeException when these are more than the queue's {@code result-max}; the
   *     lease is still held
   */
  public void complete(byte[] result) {
    given.session.endNow(Ending.complete(this, result));
  }

  /** The attempt failed: again after the queue's back-off, or dead if attempts are used up. */
  public void retry(String reason) {
    given.session.endNow(new Ending.Retry(this, reason, Optional.empty()));
  }

  /** The attempt failed: again after this time, or dead if attempts are used up. */
  public void retry(String reason, Duration after) {
    given.session.endNow(new Ending.Retry(this, reason, Optional.of(after)));
  }

  /** The item is dead now, whatever is left of its attempts. */
  public void bury(String reason) {
    given.session.endNow(new Ending.Bury(this, reason));
  }

  /** Given back untried: to the front of the queue, nothing is counted. */
  public void release() {
    given.session.endNow(new Ending.Release(this));
  }

  // What a queue takes is known by its session; so no ending can carry more.
  void requireFits(byte[] result) {
    int most = given.resultMax.getAsInt();
    if (result.length > most) {
      throw new ResultTooLargeException(
          "the result of item "
              + id()
              + " has "
              + result.length
              + " bytes, the queue takes results up to "
              + most
              + " (result-max)");
    }
  }

  /** Claims the one end that a lease has; false when it was ended before. */
  boolean end() {
    return ENDED.compareAndSet(this, false, true);
  }

  /** The end did not go through: it may be ended after all. */
  void reopen() {
    ENDED.setVolatile(this, false);
  }

  /** Whether it came back before: the scripts remember something of it. */
  boolean cameBack() {
    return !tries.equals(Tries.NONE);
  }

  Given given() {
    return given;
  }

  @Override
  public String toString() {
    return "Lease[" + id() + ", attempt " + attempt() + ", token " + token() + "]";
  }
}
