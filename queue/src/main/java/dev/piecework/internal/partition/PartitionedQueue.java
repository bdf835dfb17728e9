package dev.piecework.internal.partition;

import dev.piecework.FillOptions;
import dev.piecework.Lease;
import dev.piecework.Producer;
import dev.piecework.QueueSettings;
import dev.piecework.QueueState;
import dev.piecework.QueueUnusableException;
import dev.piecework.Result;
import dev.piecework.RunLostException;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.SessionOptions;
import dev.piecework.WorkQueue;
import dev.piecework.internal.client.Partition;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.client.WakeUpListener;
import dev.piecework.internal.queue.SingleQueue;
import dev.piecework.internal.redis.RedisFailure;
import dev.piecework.internal.session.OwnSession;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.clients.jedis.Protocol.Command;

/**
 * A queue in several hash slots: each partition is a queue of its own, with all its keys and
 * scripts, and the queue's state says how many there are. Items never change partition.
 */
public final class PartitionedQueue implements WorkQueue {

  private final QueueClient client;
  private final SingleQueue record;
  private final List<QueueClient> clients;
  private final List<SingleQueue> parts;
  private final PartitionConsensus consensus;
  private final OwnSession own = new OwnSession(this::ownSession);
  private volatile boolean held;

  /**
   * @param client of the queue's own name, which knows how many partitions there are
   */
  public PartitionedQueue(QueueClient client) {
    this(client, partsOf(client));
  }

  private static List<QueueClient> partsOf(QueueClient client) {
    QueueSettings settings = client.record().settings();
    return IntStream.range(0, settings.partitions())
        .mapToObj(number -> client.part(number, settings))
        .toList();
  }

  private PartitionedQueue(QueueClient client, List<QueueClient> clients) {
    this.client = client;
    this.record = new SingleQueue(client);
    this.clients = clients;
    this.parts = clients.stream().map(SingleQueue::new).toList();
    this.consensus = new PartitionConsensus(clients);
  }

  List<QueueClient> clients() {
    return clients;
  }

  // The record first: what is stored there is stored with each partition.
  void create() {
    if (!client.record().isCreated() && listIsThere()) {
      throw new QueueUnusableException(
          "'"
              + name()
              + "' has items that were pushed into it, and no partitions; work them off, or fill a"
              + " queue of another name");
    }
    QueueSettings stored = client.record().create(!isHeld()).now();
    clients.forEach(part -> part.wish(Partition.settingsOfOne(stored)));
  }

  // Whether any partition has held an item, or is worked on or filled: settings stay from then on.
  private boolean isHeld() {
    if (!held) {
      held =
          clients.stream()
              .anyMatch(part -> {
                QueueSettings unused = part.record().settings();
                return part.record().isCreated();
              });
    }
    return held;
  }

  private boolean listIsThere() {
    Object there =
        client.retry().call(() -> client.link().call(Command.EXISTS, client.keys().key("list")));
    return Objects.equals(there, 1L);
  }

  @Override
  public String name() {
    return record.name();
  }

  @Override
  public QueueSettings settings() {
    return isHeld() ? record.settings() : client.config().settings();
  }

  @Override
  public Optional<String> run() {
    List<String> runs = parts.stream().map(part -> part.run().orElse("")).toList();
    return Optional.of(PartitionConsensus.joined(runs)).filter(run -> !run.isEmpty());
  }

  @Override
  public PartitionedQueue with(SessionOptions options) {
    return with(options, false);
  }

  /** The same; it may take this one's place. */
  public PartitionedQueue with(SessionOptions options, boolean instead) {
    SessionOptions each = new SessionOptions(null, 0, options.followsRuns());
    PartitionedQueue other =
        new PartitionedQueue(
            client.with(each, instead),
            clients.stream().map(part -> part.with(each, false)).toList());
    other.consensus.with(consensus, options);
    return other;
  }

  @Override
  public Producer produce(FillOptions options) {
    create();
    Set<Integer> going = consensus.reopenEnded();
    return new PartitionedProducer(clients, options, part -> !going.contains(part));
  }

  @Override
  public Producer produceMore(FillOptions options) {
    SingleQueue.requireSource(options);
    if (parts.stream().anyMatch(part -> part.run().isEmpty())) {
      throw new RunLostException(
          "queue '"
              + name()
              + "' has no run to go on with in all of its partitions: it was purged, or Redis has"
              + " lost some of it");
    }
    create();
    // Each partition opens its run again in the script that opens the source there.
    return new PartitionedProducer(clients, options, part -> false);
  }

  @Override
  public Session session(SessionInfo info, SessionOptions options) {
    return with(options).ownSession(info);
  }

  private Session ownSession(SessionInfo info) {
    create();
    return new PartitionedSession(this, consensus, info);
  }

  @Override
  public List<Lease> lease(int max, Duration wait) {
    return own.lease(max, wait);
  }

  @Override
  public QueueState state() {
    consensus.reapExpired();
    return consensus.state();
  }

  @Override
  public QueueState awaitEnd(Duration atMost) throws InterruptedException {
    return WakeUpListener.awaitEnd(clients.getFirst(), this::state, atMost);
  }

  @Override
  public Stream<Result> results() {
    return parts.stream().flatMap(WorkQueue::results);
  }

  @Override
  public PartitionedQueueAdmin admin() {
    return new PartitionedQueueAdmin(this, client, record, parts, consensus);
  }

  @Override
  public void close() {
    try {
      own.close();
    } catch (RedisFailure away) {
      // Its leases expire.
    }
    parts.forEach(WorkQueue::close);
    client.close();
  }
}
