package dev.piecework.benchmarks;

import dev.piecework.Lot;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.WorkQueue;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import redis.clients.jedis.Jedis;

/** Works on a queue that stays as long as it is. */
final class Backlog {

  private Backlog() {}

  /** Leases and ends this many items in lots, and pushes each lot's payloads again at the end. */
  static long turnOver(WorkQueue queue, URI redis, int items, int lotSize) {
    long done = 0;
    byte[] list = queue.name().getBytes(StandardCharsets.UTF_8);
    try (Session session = queue.session(SessionInfo.local(1));
        Jedis jedis = new Jedis(redis.getHost(), redis.getPort())) {
      Lot lot = session.lease(lotSize);
      while (done < items) {
        byte[][] payloads =
            lot.leases().stream().map(lease -> lease.payload()).toArray(byte[][]::new);
        done += payloads.length;
        jedis.rpush(list, payloads);
        lot = session.step(Ours.allDone(lot), done < items ? lotSize : 0);
      }
    }
    return done;
  }
}
