package dev.piecework.internal.partition;

import dev.piecework.DeadItems;
import dev.piecework.FillOptions;
import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.Producer;
import dev.piecework.QueueAdmin;
import dev.piecework.QueueSettings;
import dev.piecework.QueueStatus;
import dev.piecework.QueueUnusableException;
import dev.piecework.ResultLog;
import dev.piecework.SessionInfo;
import dev.piecework.Setting;
import dev.piecework.StopEarly;
import dev.piecework.WorkQueue;
import dev.piecework.internal.client.Partition;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.client.QueueRecord;
import dev.piecework.internal.client.SettingsFollowed;
import dev.piecework.internal.client.StoredSettings;
import dev.piecework.internal.journal.JournalMerger;
import dev.piecework.internal.queue.DeadItemsMover;
import dev.piecework.internal.queue.DrainedFollowUp;
import dev.piecework.internal.queue.SingleQueue;
import dev.piecework.internal.queue.SingleQueueAdmin;
import dev.piecework.internal.queue.StopEarlyWatch;
import dev.piecework.journal.Journal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** What an operator does to a queue in several hash slots: the same to each of them. */
public final class PartitionedQueueAdmin implements QueueAdmin {

  private final PartitionedQueue queue;
  private final QueueClient client;
  private final SingleQueue record;
  private final List<SingleQueue> parts;
  private final List<SingleQueueAdmin> each;
  private final PartitionConsensus consensus;

  /**
   * @param client of the queue's own name
   * @param record that has the settings
   */
  PartitionedQueueAdmin(
      PartitionedQueue queue,
      QueueClient client,
      SingleQueue record,
      List<SingleQueue> parts,
      PartitionConsensus consensus) {
    this.queue = queue;
    this.client = client;
    this.record = record;
    this.parts = parts;
    this.each = parts.stream().map(SingleQueue::admin).toList();
    this.consensus = consensus;
  }

  @Override
  public String server() {
    return record.admin().server();
  }

  @Override
  public OptionalLong memory() {
    return record.admin().memory();
  }

  @Override
  public List<String> names() {
    return record.admin().names();
  }

  @Override
  public List<WorkQueue> partitions() {
    return List.copyOf(parts);
  }

  @Override
  public QueueStatus status() {
    List<QueueStatus> statuses = each.stream().map(QueueAdmin::status).toList();
    return StatusMerger.of(queue.name(), queue.settings(), consensus.state(), statuses);
  }

  @Override
  public Journal journal() {
    return JournalMerger.merge(each.stream().map(QueueAdmin::journal).toList());
  }

  // In the partition that each fill opens first, so that no item is there before it.
  @Override
  public boolean note(String name, String text) {
    return each.getFirst().note(name, text);
  }

  @Override
  public Optional<String> note(String name) {
    return each.getFirst().note(name);
  }

  @Override
  public Stream<ItemView> items(ItemState state) {
    return each.stream().flatMap(part -> part.items(state));
  }

  @Override
  public Stream<ItemView> items(DeadItems which) {
    return which instanceof DeadItems.WithId one
        ? partOf(one.id()).items(which)
        : each.stream().flatMap(part -> part.items(which));
  }

  @Override
  public Optional<ItemView> item(String id) {
    return partOf(id).item(id);
  }

  @Override
  public List<ResultLog> resultLogs() {
    return each.stream().map(SingleQueueAdmin::resultLog).toList();
  }

  @Override
  public long requeue(DeadItems which) {
    return move(which, SingleQueueAdmin::requeuing);
  }

  @Override
  public Optional<ItemState> requeueItem(String id) {
    return partOf(id).requeueItem(id);
  }

  @Override
  public long drop(DeadItems which) {
    return move(which, SingleQueueAdmin::dropping);
  }

  // All are looked at before anything is moved: what dies meanwhile is not among them.
  private long move(DeadItems which, BiFunction<SingleQueueAdmin, DeadItems, DeadItemsMover> kind) {
    List<SingleQueueAdmin> those =
        which instanceof DeadItems.WithId one ? List.of(partOf(one.id())) : each;
    List<DeadItemsMover> movers = those.stream().map(part -> kind.apply(part, which)).toList();
    return movers.stream().mapToLong(DeadItemsMover::move).sum();
  }

  private SingleQueueAdmin partOf(String id) {
    return each.get(Partition.of(id, parts.size()));
  }

  @Override
  public Optional<ItemState> dropItem(String id) {
    return partOf(id).dropItem(id);
  }

  @Override
  public boolean dropWaiting(byte[] payload) {
    return each.stream().anyMatch(part -> part.dropWaiting(payload));
  }

  @Override
  public void pause(String reason) {
    queue.create();
    each.forEach(part -> part.pause(reason));
  }

  @Override
  public Optional<String> stopEarly(StopEarly rule) {
    return new StopEarlyWatch(queue.name(), queue.clients()).check(rule);
  }

  @Override
  public FollowUp followUp() {
    return new DrainedFollowUp(client, queue.clients());
  }

  @Override
  public void resume() {
    each.forEach(QueueAdmin::resume);
  }

  @Override
  public void set(Map<String, String> changes) {
    List<Object> unused = StoredSettings.changes(changes, Map.of());
    if ("on".equals(changes.get(Setting.BACKUP.name()))) {
      throw QueueRecord.noBackup(queue.name());
    }
    QueueSettings stored = client.record().settings();
    if (!client.record().isCreated()) {
      throw new QueueUnusableException("there is no queue '" + queue.name() + "'");
    }
    queue.clients().forEach(part -> part.wish(Partition.settingsOfOne(stored)));
    for (int i = 0; i < parts.size(); i++) {
      SettingsFollowed unusedNow = queue.clients().get(i).record().create();
      each.get(i).set(ofOne(changes));
    }
    record.admin().set(changes);
  }

  // A worker has a session in each partition that it has visited.
  @Override
  public boolean slots(String session, int slots) {
    List<List<QueueStatus.SessionView>> sessions =
        each.stream().map(part -> part.status().sessions()).toList();
    Optional<SessionInfo> worker =
        sessions.stream()
            .flatMap(List::stream)
            .filter(view -> view.id().equals(session))
            .map(view -> view.info().withSlots(slots))
            .findFirst();
    boolean known = false;
    for (int i = 0; worker.isPresent() && i < sessions.size(); i++) {
      for (QueueStatus.SessionView view : sessions.get(i)) {
        boolean same = view.info().withSlots(slots).equals(worker.get());
        known |= same && each.get(i).slots(view.id(), slots);
      }
    }
    return known;
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
  public boolean closeSource(String source) {
    List<SingleQueue> without =
        parts.reversed().stream().filter(part -> !part.admin().closeSource(source)).toList();
    if (without.size() == parts.size()) {
      return false;
    }
    // These have not heard of it, nor perhaps of the run, since its producer died while it opened;
    // or they have lost it, and are at their end without it.
    Set<Integer> going = consensus.reopenEnded();
    for (SingleQueue part : without) {
      boolean goesOn = going.contains(parts.indexOf(part));
      FillOptions options = FillOptions.as(source);
      try (Producer none = goesOn ? part.produceMore(options) : part.produce(options)) {
        var unused = none.finish(() -> {});
      }
    }
    return true;
  }

  @Override
  public int reapGoneProcesses() {
    return (int) sum(SingleQueueAdmin::reapGoneProcesses);
  }

  @Override
  public long adopt() {
    throw new QueueUnusableException(
        "adopt is not to be had for queue '"
            + queue.name()
            + "': it has partitions, and rediswq workers know nothing of them");
  }

  @Override
  public long purge() {
    // The record last: purged halfway, it can be purged again.
    long removed = sum(SingleQueueAdmin::purge);
    return removed + record.admin().purge();
  }

  private long sum(ToLongFunction<SingleQueueAdmin> figure) {
    return each.stream().mapToLong(figure).sum();
  }
}
