package dev.piecework.worker;

import java.util.List;
import redis.clients.jedis.RedisClient;

/** What only a test does to a queue. */
final class WorkQueueForTests {

  private WorkQueueForTests() {}

  /**
   * Makes every session's deadline lie in the past, as if it had not been heard for a lease
   * timeout.
   */
  static void letSessionsExpire(String uri, String queue) {
    try (RedisClient redis = RedisClient.create(uri)) {
      String sessions = "{" + queue + "}:sessions";
      List<String> ids = redis.zrange(sessions, 0, -1);
      ids.forEach(id -> redis.zadd(sessions, 1, id));
    }
  }
}
