package dev.piecework.fake;

import dev.piecework.Lease;
import dev.piecework.LeaseLostException;
import dev.piecework.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The lease of one item; fenced by being the very object that its session holds. */
final class FakeLease implements Lease {

  private final FakeSession session;
  private final StoredItem item;
  private final long token;
  private final String id;
  private final int attempt;
  private final int losses;

  FakeLease(FakeSession session, StoredItem item, long token) {
    this.session = session;
    this.item = item;
    this.token = token;
    this.id = item.knownId();
    this.attempt = item.nextAttempt();
    this.losses = item.losses;
  }

  StoredItem item() {
    return item;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public byte[] payload() {
    return item.payload;
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public int losses() {
    return losses;
  }

  @Override
  public long token() {
    return token;
  }

  @Override
  public FakeSession session() {
    return session;
  }

  @Override
  public void complete() {
    end(Settlement.complete(this));
  }

  @Override
  public void complete(byte[] result) {
    end(Settlement.complete(this, result));
  }

  @Override
  public void retry(String reason) {
    end(new Settlement.Retry(this, reason, Optional.empty()));
  }

  @Override
  public void retry(String reason, Duration after) {
    end(new Settlement.Retry(this, reason, Optional.of(after)));
  }

  @Override
  public void bury(String reason) {
    end(new Settlement.Bury(this, reason));
  }

  @Override
  public void release() {
    end(new Settlement.Release(this));
  }

  private void end(Settlement settlement) {
    if (!session.step(List.of(settlement), 0).refused().isEmpty()) {
      throw new LeaseLostException(
          "the lease of item " + id + " is no longer held; nothing was changed");
    }
  }
}
