package dev.piecework.cli.dashboard;

import dev.piecework.WorkQueue;
import dev.piecework.cli.redis.Connection;
import dev.piecework.dashboard.Queues;
import java.util.List;

/** The queues of the Redis that a verb is connected to. */
record ConnectedQueues(Connection connection) implements Queues {

  @Override
  public String server() {
    return connection.queue().admin().server();
  }

  @Override
  public List<String> names() {
    return connection.queue().admin().names();
  }

  @Override
  public WorkQueue open(String name) {
    return connection.sibling(name);
  }
}
