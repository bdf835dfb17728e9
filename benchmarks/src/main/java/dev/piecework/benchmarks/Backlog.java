package dev.piecework.benchmarks;

import dev.piecework.LeaseBatch;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.WorkQueue;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import redis.clients.jedis.Jedis;

/** Works on a queue that stays as long as it is. */
final class Backlog {

  private Backlog() {}

  /**
   * Leases and ends this many items in batches, and pushes each batch's payloads again at the end.
   */
  static long turnOver(WorkQueue queue, URI redis, int items, int batchSize) {
    long done = 0;
    byte[] list = queue.name().getBytes(StandardCharsets.UTF_8);
    try (Session session = queue.session(SessionInfo.local(1));
        Jedis jedis = new Jedis(redis.getHost(), redis.getPort())) {
      LeaseBatch batch = session.lease(batchSize);
      while (done < items) {
        byte[][] payloads =
            batch.leases().stream().map(lease -> lease.payload()).toArray(byte[][]::new);
        done += payloads.length;
        jedis.rpush(list, payloads);
        batch = session.step(Ours.allDone(batch), done < items ? batchSize : 0);
      }
    }
    return done;
  }
}
