package dev.piecework;

import dev.piecework.internal.QueueOpening;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A named bag of items in one Redis, or in several masters of a Cluster if it has partitions: what
 * is needed to fill it and to work on it. Whoever operates it finds the rest in {@link #admin}.
 * Safe for use by several threads.
 *
 * <pre>{@code
 * try (WorkQueue queue = WorkQueue.open("redis://localhost", "job2")) {
 *   queue.fill(Stream.of("apple", "banana").map(Item::of));
 *   while (!queue.isDrained()) {
 *     queue.lease(Duration.ofSeconds(1)).ifPresent(lease -> {
 *       ...
 *       lease.complete();
 *     });
 *   }
 * }
 * }</pre>
 *
 * <p>How many partitions a queue has is said by whoever creates it ({@link
 * QueueSettings#withPartitions}), never changes, and is found out by everybody who opens it.
 */
public interface WorkQueue extends AutoCloseable {

  /** Opens with default settings; see {@link QueueConfig#uri}. */
  static WorkQueue open(String uri, String name) {
    return open(QueueConfig.of(uri, name));
  }

  /**
   * Connects, and reads what is stored with the queue. Creates nothing before the first fill or
   * session.
   *
   * @throws RedisUnreachableException when there is no Redis, or it refuses the password
   * @throws QueueUnusableException when the queue is not for this client, or has another number of
   *     partitions than the config asks for (it asks with more than one)
   */
  static WorkQueue open(QueueConfig config) {
    return open(config, CallListener.NONE);
  }

  /** The same, for whom works for one run; see {@link #with}. */
  static WorkQueue open(QueueConfig config, SessionOptions options) {
    return QueueOpening.open(config, options, CallListener.NONE);
  }

  /** The same, with somebody who hears of every script that is called. */
  static WorkQueue open(QueueConfig config, CallListener listener) {
    return QueueOpening.open(config, SessionOptions.DEFAULTS, listener);
  }

  String name();

  /** What is stored with the queue, or would be if this client created it. */
  QueueSettings settings();

  /**
   * The current run's id; empty before the first item. Partitions share it, unless a fill came just
   * when some of them had ended: then it is theirs in their order, with commas.
   */
  Optional<String> run();

  /**
   * The same queue, over the same connection, seen by whom works for one run: its states are those
   * of that run, and its sessions work for it. This object sees what it saw. Closing that one ends
   * the session that {@link #lease(int, Duration)} began on it, and no more.
   */
  WorkQueue with(SessionOptions options);

  /** Fills and waits until it is durable. */
  default FillReport fill(Stream<Item> items) {
    try (Producer producer = produce(FillOptions.ANONYMOUS)) {
      items.forEach(producer::add);
      return producer.finish();
    }
  }

  /** Registers a producer. */
  Producer produce(FillOptions options);

  /**
   * Registers a producer whose items belong to the run that is there, also if that has ended: its
   * counts, ids and results go on. The input of a source that was read to its end is compared with
   * what was filled, and what comes after that is added.
   *
   * @param options name a source
   * @throws RunLostException when there is no run; with partitions when one of them has none
   */
  Producer produceMore(FillOptions options);

  /** Starts a session of its own, for the run that this object has seen. */
  default Session session(SessionInfo info) {
    return session(info, SessionOptions.DEFAULTS);
  }

  /** Starts a session of its own; what it works for is its own affair. */
  Session session(SessionInfo info, SessionOptions options);

  /** Leases one item on this object's own session, waiting for it. */
  default Optional<Lease> lease(Duration wait) {
    List<Lease> leases = lease(1, wait);
    return leases.isEmpty() ? Optional.empty() : Optional.of(leases.getFirst());
  }

  /**
   * Leases on this object's own session, waiting for the first item.
   *
   * @return none when the time is over or the queue is drained
   * @throws RunLostException when the run was lost
   */
  List<Lease> lease(int max, Duration wait);

  /**
   * Reaps what has expired, then answers the state of the queue, read in one atomic script; with
   * partitions in one for each, and an end is said only when two rounds found all at theirs and
   * nothing changed between them.
   */
  QueueState state();

  /** Drained, and no source vanished. */
  default boolean isDrained() {
    return state() instanceof QueueState.Drained;
  }

  /**
   * Blocks until the queue is in one of the states that end a run ({@link QueueState.Drained},
   * {@link QueueState.Incomplete}, {@link QueueState.Lost}) or the time is over.
   *
   * @return the state then
   */
  QueueState awaitEnd(Duration atMost) throws InterruptedException;

  /** Results that are still stored, in the order of their commits (within each partition). */
  Stream<Result> results();

  /**
   * The same queue for whoever operates it: looks into it, repairs it, changes or removes it. It
   * has the connection and the run of this object, and is closed with it.
   */
  QueueAdmin admin();

  /**
   * Closes the connections. Sessions and producers that are still open are not heard any more: what
   * they hold is given to others when their lease timeout is over. A call on this object, or on one
   * of those, throws {@link QueueUnusableException} from then on.
   */
  @Override
  void close();
}
