package dev.piecework.dashboard;

import dev.piecework.WorkQueue;
import java.time.Duration;
import java.util.List;

/** The queues of one Redis. */
public interface Queues {

  /** Of whoever only looks: what cannot be read soon is said on the page, and read again. */
  Duration PATIENCE = Duration.ofSeconds(3);

  /** What Redis this is, for people: "Redis 7.0.15 at 127.0.0.1:6379". */
  String server();

  /** Their names: a hint, what was purged may still be among them. */
  List<String> names();

  /**
   * One of them, whether it is there or not; to be closed by the caller.
   *
   * @param patience for how long its calls wait for a Redis that is away, at most
   * @throws IllegalArgumentException for what cannot be the name of a queue
   */
  WorkQueue open(String name, Duration patience);
}
