package dev.piecework.dashboard;

import dev.piecework.QueueConfig;
import dev.piecework.WorkQueue;
import dev.piecework.testkit.TestRedis;
import java.time.Duration;
import java.util.List;

/** The queues of a test's Redis. */
record RedisQueues(TestRedis redis) implements Queues {

  @Override
  public String server() {
    try (WorkQueue any = WorkQueue.open(redis.uri(), "any")) {
      return any.admin().server();
    }
  }

  @Override
  public List<String> names() {
    try (WorkQueue any = WorkQueue.open(redis.uri(), "any")) {
      return any.admin().names();
    }
  }

  @Override
  public WorkQueue open(String name, Duration patience) {
    return WorkQueue.open(QueueConfig.of(redis.uri(), name).withRedisTimeout(patience));
  }
}
