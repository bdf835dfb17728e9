package dev.piecework.internal.state;

import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.redis.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Compares, now and then, what is counted as leased with what sessions hold. Only a Redis that lost
 * a key whole (by eviction, or by a failover in the middle of a move) makes them differ; then the
 * bag would be waited for in vain.
 */
final class LeaseAudit {

  private static final long AGAIN_MILLIS = 10_000;

  /** So many are compared as fast as one; more of them take turns. */
  private static final long FEW_SESSIONS = 10;

  private static final long EACH_MILLIS = 1_000;

  private final QueueClient client;
  private long next = Long.MIN_VALUE;

  LeaseAudit(QueueClient client) {
    this.client = client;
  }

  /**
   * Whether something is missed that was not missed before; often it is too soon to count again.
   *
   * @param sessions how many there are: where there are none, what is leased is missed
   */
  boolean missesAny(long sessions) {
    return (sessions == 0 || isDue(sessions)) && missed() > 0;
  }

  private synchronized boolean isDue(long sessions) {
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    boolean first = next == Long.MIN_VALUE;
    if (!first && now < next) {
      return false;
    }
    long turn = sessions * EACH_MILLIS;
    if (first && sessions > FEW_SESSIONS) {
      // Who began together would count together.
      next = now + ThreadLocalRandom.current().nextLong(turn);
      return false;
    }
    next = now + Math.max(AGAIN_MILLIS, turn);
    return true;
  }

  private long missed() {
    while (true) {
      byte[] known = client.keys().key("sessions");
      Values sessions = client.retry().call(() -> client.link().range(known, 0, -1));
      List<byte[]> keys = new ArrayList<>(client.keys().of(Script.AUDIT_LEASES, client.scope()));
      List<byte[]> args = new ArrayList<>(sessions.size());
      for (int i = 0; i < sessions.size(); i++) {
        keys.add(client.keys().record(sessions.text(i)));
        args.add(QueueClient.utf8(sessions.text(i)));
      }
      Reply reply = client.retry().call(() -> client.eval(Script.AUDIT_LEASES, keys, args));
      if (reply.is("OK")) {
        return reply.number("missed");
      }
    }
  }
}
