package dev.piecework.internal.partition;

import dev.piecework.DeadItems;
import dev.piecework.FillOptions;
import dev.piecework.ItemView;
import dev.piecework.Lease;
import dev.piecework.Producer;
import dev.piecework.QueueSettings;
import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.QueueUnusableException;
import dev.piecework.Result;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.SessionOptions;
import dev.piecework.Setting;
import dev.piecework.WorkQueue;
import dev.piecework.internal.client.Partition;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.client.SettingsFollowed;
import dev.piecework.internal.client.StoredSettings;
import dev.piecework.internal.client.WakeUpListener;
import dev.piecework.internal.queue.DeadItemsMover;
import dev.piecework.internal.queue.SingleQueue;
import dev.piecework.internal.redis.RedisFailure;
import dev.piecework.internal.session.OwnSession;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;
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
  private void create() {
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
  public List<String> names() {
    return record.names();
  }

  @Override
  public String name() {
    return record.name();
  }

  @Override
  public List<WorkQueue> partitions() {
    return List.copyOf(parts);
  }

  @Override
  public QueueSettings settings() {
    return isHeld() ? record.settings() : client.config().settings();
  }

  @Override
  public void set(Map<String, String> changes) {
    List<Object> unused = StoredSettings.changes(changes, Map.of());
    QueueSettings stored = client.record().settings();
    if (!client.record().isCreated()) {
      throw new QueueUnusableException("there is no queue '" + name() + "'");
    }
    clients.forEach(part -> part.wish(Partition.settingsOfOne(stored)));
    for (int i = 0; i < parts.size(); i++) {
      SettingsFollowed unusedNow = clients.get(i).record().create();
      parts.get(i).set(ofOne(changes));
    }
    record.set(changes);
  }

  // The bound of stored results is that of the whole queue.
  private Map<String, String> ofOne(Map<String, String> changes) {
    String resultsMax = changes.get(Setting.RESULTS_MAX.name());
    if (resultsMax == null) {
      return changes;
    }
    Map<String, String> shared = new HashMap<>(changes);
    long whole = StoredSettings.resultsMax(resultsMax, client.link().info());
    shared.put(Setting.RESULTS_MAX.name(), Long.toString(Math.ceilDiv(whole, parts.size())));
    return shared;
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
    consensus.reopenEnded();
    return new PartitionedProducer(clients, options);
  }

  @Override
  public Producer produceMore(FillOptions options) {
    throw new UnsupportedOperationException(
        "queue '" + name() + "' has partitions, whose runs end one by one");
  }

  @Override
  public boolean closeSource(String source) {
    List<SingleQueue> without =
        parts.reversed().stream().filter(part -> !part.closeSource(source)).toList();
    if (without.size() == parts.size()) {
      return false;
    }
    // Its producer died while it opened: these have not heard of it, nor perhaps of the run.
    for (SingleQueue part : without) {
      try (Producer none = part.produce(FillOptions.as(source))) {
        var unused = none.finish(() -> {});
      }
    }
    return true;
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
  public QueueStatus status() {
    List<QueueStatus> each = parts.stream().map(WorkQueue::status).toList();
    return StatusMerger.of(name(), settings(), consensus.state(), each);
  }

  @Override
  public int reapGoneProcesses() {
    return (int) sum(SingleQueue::reapGoneProcesses);
  }

  @Override
  public Stream<ItemView> items(String state) {
    return parts.stream().flatMap(part -> part.items(state));
  }

  @Override
  public Optional<ItemView> item(String id) {
    return partOf(id).item(id);
  }

  @Override
  public Stream<Result> results() {
    return parts.stream().flatMap(WorkQueue::results);
  }

  @Override
  public List<Result> results(long after, int max) {
    throw eachHasItsOwn();
  }

  @Override
  public void dropResults(long upTo) {
    throw eachHasItsOwn();
  }

  private UnsupportedOperationException eachHasItsOwn() {
    return new UnsupportedOperationException(
        "queue '" + name() + "' has partitions, each with its own sequence: ask partitions()");
  }

  @Override
  public long requeue(DeadItems which) {
    return move(which, SingleQueue::requeuing);
  }

  @Override
  public long drop(DeadItems which) {
    return move(which, SingleQueue::dropping);
  }

  // All are looked at before anything is moved: what dies meanwhile is not among them.
  private long move(DeadItems which, BiFunction<SingleQueue, DeadItems, DeadItemsMover> kind) {
    List<SingleQueue> those =
        which instanceof DeadItems.WithId one ? List.of(partOf(one.id())) : parts;
    List<DeadItemsMover> movers = those.stream().map(part -> kind.apply(part, which)).toList();
    return movers.stream().mapToLong(DeadItemsMover::move).sum();
  }

  private SingleQueue partOf(String id) {
    return parts.get(Partition.of(id, parts.size()));
  }

  @Override
  public Optional<String> dropItem(String id) {
    return partOf(id).dropItem(id);
  }

  @Override
  public boolean dropWaiting(byte[] payload) {
    return parts.stream().anyMatch(part -> part.dropWaiting(payload));
  }

  @Override
  public Optional<String> requeueItem(String id) {
    return partOf(id).requeueItem(id);
  }

  @Override
  public void pause(String reason) {
    create();
    parts.forEach(part -> part.pause(reason));
  }

  @Override
  public void resume() {
    parts.forEach(WorkQueue::resume);
  }

  @Override
  public long purge() {
    // The record last: purged halfway, it can be purged again.
    long removed = sum(SingleQueue::purge);
    return removed + record.purge();
  }

  @Override
  public long adopt() {
    throw new QueueUnusableException(
        "adopt is not to be had for queue '"
            + name()
            + "': it has partitions, and rediswq workers know nothing of them");
  }

  @Override
  public String server() {
    return record.server();
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

  private long sum(ToLongFunction<SingleQueue> figure) {
    return parts.stream().mapToLong(figure).sum();
  }
}
