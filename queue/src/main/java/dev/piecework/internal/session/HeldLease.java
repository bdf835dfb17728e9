package dev.piecework.internal.session;

import dev.piecework.Lease;
import dev.piecework.Session;
import dev.piecework.Settlement;
import dev.piecework.internal.client.Partition;
import dev.piecework.internal.state.Tries;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Optional;

/** A lease that a session has given: it knows which, and whether it was ended. */
public final class HeldLease implements Lease {

  /**
   * What all leases of one call have in common.
   *
   * @param sessionId the id that the session had: after it was reaped it goes on under another
   * @param leasedNanos by {@link System#nanoTime}
   */
  record Given(
      SingleSession session, Partition partition, String sessionId, long token, long leasedNanos) {}

  private static final VarHandle ENDED;

  static {
    try {
      ENDED = MethodHandles.lookup().findVarHandle(HeldLease.class, "ended", boolean.class);
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

  private volatile boolean overtaken;

  HeldLease(Given given, String id, byte[] payload, Tries tries) {
    this.given = given;
    this.id = id;
    this.payload = payload;
    this.tries = tries;
  }

  /** That of a settlement which a session has let in: it lets in none of other leases. */
  static HeldLease of(Settlement settlement) {
    return (HeldLease) settlement.lease();
  }

  @Override
  public String id() {
    return given.partition.shown(id);
  }

  /** The id as the scripts know it. */
  String stored() {
    return id;
  }

  @Override
  public byte[] payload() {
    return payload;
  }

  @Override
  public int attempt() {
    return tries.attempt();
  }

  @Override
  public int losses() {
    return tries.losses();
  }

  @Override
  public long token() {
    return given.token;
  }

  @Override
  public Session session() {
    return given.session;
  }

  @Override
  public void complete() {
    given.session.endNow(Settlement.complete(this));
  }

  @Override
  public void complete(byte[] result) {
    given.session.endNow(Settlement.complete(this, result));
  }

  @Override
  public void retry(String reason) {
    given.session.endNow(new Settlement.Retry(this, reason, Optional.empty()));
  }

  @Override
  public void retry(String reason, Duration after) {
    given.session.endNow(new Settlement.Retry(this, reason, Optional.of(after)));
  }

  @Override
  public void bury(String reason) {
    given.session.endNow(new Settlement.Bury(this, reason));
  }

  @Override
  public void release() {
    given.session.endNow(new Settlement.Release(this));
  }

  /** Claims the one end that a lease has; false when it was ended before. */
  boolean end() {
    return ENDED.compareAndSet(this, false, true);
  }

  /** The end did not go through: it may be ended after all. */
  void reopen() {
    ENDED.setVolatile(this, false);
  }

  /** Another session, which held the item too, has completed it. */
  void overtake() {
    overtaken = true;
  }

  boolean isOvertaken() {
    return overtaken;
  }

  /** Whether it came back before: the scripts remember something of it. */
  boolean cameBack() {
    return !tries.equals(Tries.NONE);
  }

  /** The partition that the item is in. */
  public Partition partition() {
    return given.partition;
  }

  /** The id that its session had when it was leased. */
  String sessionId() {
    return given.sessionId;
  }

  /** When it was leased, by {@link System#nanoTime}. */
  long leasedNanos() {
    return given.leasedNanos;
  }

  @Override
  public String toString() {
    return "Lease[" + id() + ", attempt " + attempt() + ", token " + token() + "]";
  }
}
