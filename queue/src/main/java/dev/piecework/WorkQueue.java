package dev.piecework;

import dev.piecework.internal.QueueOpening;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A named bag of items in one Redis, or in several masters of a Cluster if it has partitions. Safe
 * for use by several threads.
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

  /** The queues in this Redis, by name: a hint, from a registry that fills write. */
  List<String> names();

  String name();

  /**
   * The queue's partitions, each a part of it with its own results, counted by itself; this queue
   * alone if it has none. They are closed with this queue.
   */
  List<WorkQueue> partitions();

  /** What is stored with the queue, or would be if this client created it. */
  QueueSettings settings();

  /** Changes one setting that is stored with the queue; e.g. {@code attempts}, {@code 5}. */
  default void set(String setting, String value) {
    set(Map.of(setting, value));
  }

  /**
   * Changes these settings and no others: all of them in one script, or none. Workers and producers
   * that run go by them from their next heartbeat on. With partitions in one script for each, the
   * queue's own record last: until that is through the change may be made again.
   *
   * @throws IllegalArgumentException saying which name or value is wrong; nothing is changed
   * @throws QueueUnusableException when there is no queue of this name
   */
  void set(Map<String, String> changes);

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
   * @throws RunLostException when there is no run
   * @throws UnsupportedOperationException with partitions, whose runs end one by one
   */
  Producer produceMore(FillOptions options);

  /**
   * Closes a source by hand: one that is held, or whose producer vanished.
   *
   * @return false when there is no such source
   */
  boolean closeSource(String source);

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
   * Reaps what has lapsed, then answers the state of the queue, read in one atomic script; with
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

  /** Everything, at one instant; with partitions at one instant for each. */
  QueueStatus status();

  /** Reaps sessions and producers of this host whose process is gone, without waiting a lapse. */
  int reapGoneProcesses();

  /**
   * Items in one state, streamed page by page.
   *
   * @param state "waiting", "leased", "delayed", "dead" or "done"
   */
  Stream<ItemView> items(String state);

  /** The items under this id: one, or none. */
  Optional<ItemView> item(String id);

  /** Results that are still stored, in the order of their commits (within each partition). */
  Stream<Result> results();

  /**
   * At most {@code max} results whose sequence is greater than {@code after}.
   *
   * @throws UnsupportedOperationException with partitions, each of which has its own sequence: ask
   *     {@link #partitions}
   */
  List<Result> results(long after, int max);

  /**
   * Lets Redis forget the results up to this sequence: they are safe elsewhere.
   *
   * @throws UnsupportedOperationException with partitions, as {@link #results(long, int)}
   */
  void dropResults(long upTo);

  /** Dead items back to waiting, with fresh budgets. */
  long requeue(DeadItems which);

  /** Dead items out of the queue, with their evidence. */
  long drop(DeadItems which);

  /**
   * One item out of the queue, whatever its state but done: waiting, delayed, leased or dead. Who
   * holds it loses the lease at once, and is told with its next heartbeat; what it says of the item
   * is refused.
   *
   * @param id an item that was plainly filled and never leased has none yet: see {@link
   *     #dropWaiting}
   * @return the state that it was in, or none if there is no such item
   */
  Optional<String> dropItem(String id);

  /**
   * One waiting item that has no id yet out of the queue, by its payload: of several equal ones
   * that which would be leased first. The items after it move up, so that their ids, which are
   * counted when they are leased, are one less than their places in the input.
   *
   * @return false when none waits
   */
  boolean dropWaiting(byte[] payload);

  /**
   * One item to be leased now: a dead one with fresh budgets, or a delayed one as it is.
   *
   * @return the state that it was in, or none if it is in neither
   */
  Optional<String> requeueItem(String id);

  /** No more leasing until {@link #resume}; what is leased goes on. */
  void pause(String reason);

  /** Leasing goes on. */
  void resume();

  /**
   * Removes everything. Sessions that hold items are refused when they end them.
   *
   * @return how many items there were
   */
  long purge();

  /**
   * Puts back what rediswq workers hold whose lease key is gone.
   *
   * @throws QueueUnusableException on a Cluster, where their keys lie in other slots; and with
   *     partitions, of which they know nothing
   */
  long adopt();

  /** What Redis this is, for people: "Redis 7.0.15 at 127.0.0.1:6379". */
  String server();

  @Override
  void close();
}
