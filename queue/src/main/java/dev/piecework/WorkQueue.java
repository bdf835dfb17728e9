package dev.piecework;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A named bag of items in one Redis. Safe for use by several threads.
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
 */
public final class WorkQueue implements AutoCloseable {

  /** Opens with default settings; see {@link QueueConfig#uri}. */
  public static WorkQueue open(String uri, String name) {
    return open(QueueConfig.of(uri, name));
  }

  /**
   * Connects, and reads what is stored with the queue. Creates nothing before the first fill or
   * session.
   *
   * @throws RedisUnreachableException when there is no Redis, or it refuses the password
   * @throws QueueUnusableException when the queue is not for this client
   */
  public static WorkQueue open(QueueConfig config) {
    throw new UnsupportedOperationException();
  }

  /** The queues in this Redis, by name: a hint, from a registry that fills write. */
  public List<String> names() {
    throw new UnsupportedOperationException();
  }

  public String name() {
    throw new UnsupportedOperationException();
  }

  /** What is stored with the queue, or would be if this client created it. */
  public QueueSettings settings() {
    throw new UnsupportedOperationException();
  }

  /** Changes one setting that is stored with the queue; e.g. {@code attempts}, {@code 5}. */
  public void set(String setting, String value) {
    throw new UnsupportedOperationException();
  }

  /** The current run's id; empty before the first item. */
  public Optional<String> run() {
    throw new UnsupportedOperationException();
  }

  /** Works for this run and no other: a Redis that does not know it has lost it. */
  public void expectRun(String run) {
    throw new UnsupportedOperationException();
  }

  /** The run must come to hold this many items: fewer, once no producer is open, is a loss. */
  public void expectTotal(long items) {
    throw new UnsupportedOperationException();
  }

  /** Stop (or start again) working for one run only: after drained the next run is worked on. */
  public void followRuns(boolean follow) {
    throw new UnsupportedOperationException();
  }

  /** Fills and waits until it is durable. */
  public FillReport fill(Stream<Item> items) {
    try (Producer producer = produce(FillOptions.ANONYMOUS)) {
      items.forEach(producer::add);
      return producer.finish();
    }
  }

  /** Registers a producer. */
  public Producer produce(FillOptions options) {
    throw new UnsupportedOperationException();
  }

  /**
   * Closes a source by hand: one that is held, or whose producer vanished.
   *
   * @return false when there is no such source
   */
  public boolean closeSource(String source) {
    throw new UnsupportedOperationException();
  }

  /** Starts a session of its own. */
  public Session session(SessionInfo info) {
    throw new UnsupportedOperationException();
  }

  /** Leases one item on this object's own session, waiting for it. */
  public Optional<Lease> lease(Duration wait) {
    List<Lease> leases = lease(1, wait);
    return leases.isEmpty() ? Optional.empty() : Optional.of(leases.getFirst());
  }

  /**
   * Leases on this object's own session, waiting for the first item.
   *
   * @return none when the time is over or the queue is drained
   * @throws RunLostException when the run was lost
   */
  public List<Lease> lease(int max, Duration wait) {
    throw new UnsupportedOperationException();
  }

  /** Reaps what has lapsed, then says how the queue stands, read in one atomic script. */
  public Standing standing() {
    throw new UnsupportedOperationException();
  }

  /** Drained, and no source vanished. */
  public boolean isDrained() {
    return standing() instanceof Standing.Drained;
  }

  /**
   * Blocks until the queue stands at one of the ends ({@link Standing.Drained}, {@link
   * Standing.Incomplete}, {@link Standing.Lost}) or the time is over.
   *
   * @return how it stands then
   */
  public Standing awaitEnd(Duration atMost) throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** Everything, at one instant. */
  public QueueStatus status() {
    throw new UnsupportedOperationException();
  }

  /** Reaps sessions and producers of this host whose process is gone, without waiting a lapse. */
  public int reapGoneProcesses() {
    throw new UnsupportedOperationException();
  }

  /**
   * Items in one state, streamed page by page.
   *
   * @param state "waiting", "leased", "delayed", "dead" or "done"
   */
  public Stream<ItemView> items(String state) {
    throw new UnsupportedOperationException();
  }

  /** The items under this id: one, or none. */
  public Optional<ItemView> item(String id) {
    throw new UnsupportedOperationException();
  }

  /** Results that are still stored, in the order of their commits. */
  public Stream<Result> results() {
    throw new UnsupportedOperationException();
  }

  /** At most {@code max} results whose sequence is greater than {@code after}. */
  public List<Result> results(long after, int max) {
    throw new UnsupportedOperationException();
  }

  /** Lets Redis forget the results up to this sequence: they are safe elsewhere. */
  public void dropResults(long upTo) {
    throw new UnsupportedOperationException();
  }

  /** Dead items back to waiting, with fresh budgets. */
  public long requeue(DeadItems which) {
    throw new UnsupportedOperationException();
  }

  /** Dead items out of the queue, with their evidence. */
  public long drop(DeadItems which) {
    throw new UnsupportedOperationException();
  }

  /** No more leasing until {@link #resume}; what is leased goes on. */
  public void pause(String reason) {
    throw new UnsupportedOperationException();
  }

  /** Leasing goes on. */
  public void resume() {
    throw new UnsupportedOperationException();
  }

  /**
   * Removes everything. Sessions that hold items are refused when they end them.
   *
   * @return how many items there were
   */
  public long purge() {
    throw new UnsupportedOperationException();
  }

  /**
   * Puts back what rediswq workers hold whose lease key is gone.
   *
   * @throws QueueUnusableException on a Cluster, where their keys lie in other slots
   */
  public long adopt() {
    throw new UnsupportedOperationException();
  }

  /** What Redis this is, for people: "Redis 7.0.15 at 127.0.0.1:6379". */
  public String server() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
