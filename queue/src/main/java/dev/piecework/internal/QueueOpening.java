package dev.piecework.internal;

import dev.piecework.CallListener;
import dev.piecework.PieceworkException;
import dev.piecework.QueueConfig;
import dev.piecework.SessionOptions;
import dev.piecework.WorkQueue;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.partition.PartitionedQueue;
import dev.piecework.internal.queue.SingleQueue;

/** Where the API makes its implementation: a queue in one hash slot, or one in several. */
public final class QueueOpening {

  private QueueOpening() {}

  /** Connects, and looks how many partitions the queue has. */
  public static WorkQueue open(QueueConfig config, SessionOptions options, CallListener listener) {
    QueueClient client = QueueClient.open(config, listener);
    try {
      return client.record().partitions() > 1
          ? new PartitionedQueue(client).with(options, true)
          : new SingleQueue(client.with(options, true));
    } catch (PieceworkException unusable) {
      client.close();
      throw unusable;
    }
  }
}
