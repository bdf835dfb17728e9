package dev.piecework;

import java.time.Duration;

/** One queue under test, with its clock in the test's hand, whatever implements it. */
public interface QueueBench extends AutoCloseable {

  String name();

  /** Opens it with {@link Bench#SETTINGS}; closed with this. */
  WorkQueue open();

  /** Opens, with these settings if the queue is new. */
  WorkQueue with(QueueSettings settings);

  void advance(Duration by);

  /** Lets a lease timeout pass in which these were heard, and no others. */
  void expireExcept(Session... alive);

  void beat(Session session);

  void beat(Producer producer);

  /** Finds who is dead; answers how many. */
  int reap();

  /** What a person pushes into the list that waits. */
  void rpush(Object... payloads);

  @Override
  void close();
}
