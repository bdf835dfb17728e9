package dev.piecework.dashboard;

import dev.piecework.PieceworkException;
import dev.piecework.QueueStatus;
import dev.piecework.dashboard.QueueWatch.Config;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The watch of each queue that somebody has looked at, made when it is asked for. */
final class Watches implements AutoCloseable {

  private final Queues queues;
  private final Config config;
  private final Map<String, QueueWatch> watches = new LinkedHashMap<>();

  Watches(Queues queues, Config config) {
    this.queues = queues;
    this.config = config;
  }

  /**
   * The watch of this queue.
   *
   * @throws PageException when there is no such queue
   */
  synchronized QueueWatch of(String name) {
    QueueWatch known = watches.get(name);
    if (known != null) {
      return known;
    }
    QueueWatch watch = new QueueWatch(patience -> queues.open(name, patience), config);
    boolean there = false;
    try {
      there = isThere(watch.status());
    } finally {
      if (!there) {
        watch.close();
      }
    }
    if (!there) {
      throw new PageException(404, "there is no queue '" + name + "'");
    }
    watches.put(name, watch);
    return watch;
  }

  /** All queues. */
  List<QueueStatus> all() {
    List<QueueStatus> all = new ArrayList<>();
    for (String name : queues.names()) {
      try {
        QueueStatus status = of(name).status();
        if (isThere(status)) {
          all.add(status);
        }
      } catch (PageException | IllegalArgumentException gone) {
        // The list of names is a hint.
      }
    }
    return all;
  }

  private static boolean isThere(QueueStatus status) {
    return status.run() != null
        || status.counts().total() > 0
        || !status.producers().isEmpty()
        || status.pausedFor() != null;
  }

  @Override
  public synchronized void close() {
    for (QueueWatch watch : watches.values()) {
      try {
        watch.close();
      } catch (PieceworkException away) {
        // It is closed as far as it can be.
      }
    }
    watches.clear();
  }
}
