package dev.piecework.dashboard;

import dev.piecework.WorkQueue;
import dev.piecework.testkit.TestRedis;
import java.util.List;

/** The queues of a test's Redis. */
record RedisQueues(TestRedis redis) implements Queues {

  @Override
  public String server() {
    try (WorkQueue any = open("any")) {
      return any.admin().server();
    }
  }

  @Override
  public List<String> names() {
    try (WorkQueue any = open("any")) {
      return any.admin().names();
    }
  }

  @Override
  public WorkQueue open(String name) {
    return WorkQueue.open(redis.uri(), name);
  }
}
