package dev.piecework.cli.dashboard;

import dev.piecework.WorkQueue;
import dev.piecework.cli.redis.Connection;
import dev.piecework.dashboard.Queues;
import java.time.Duration;
import java.util.List;

/** The queues of the Redis that a verb is connected to. */
final class ConnectedQueues implements Queues, AutoCloseable {

  private final Connection connection;
  private final WorkQueue any;

  ConnectedQueues(Connection connection) {
    this.connection = connection;
    this.any = open(connection.queue().name(), PATIENCE);
  }

  @Override
  public String server() {
    return any.admin().server();
  }

  @Override
  public List<String> names() {
    return any.admin().names();
  }

  @Override
  public WorkQueue open(String name, Duration patience) {
    Duration own = connection.patience();
    return connection.sibling(name, patience.compareTo(own) < 0 ? patience : own);
  }

  @Override
  public void close() {
    any.close();
  }
}
