package dev.piecework.internal.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.DeadItems;
import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.QueueAdmin;
import dev.piecework.QueueStatus;
import dev.piecework.QueueUnusableException;
import dev.piecework.Result;
import dev.piecework.ResultLog;
import dev.piecework.StopEarly;
import dev.piecework.WorkQueue;
import dev.piecework.internal.client.Partition;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.client.QueueRegistry;
import dev.piecework.internal.client.ServerName;
import dev.piecework.internal.client.SettingsFollowed;
import dev.piecework.internal.client.StoredSettings;
import dev.piecework.internal.journal.JournalReader;
import dev.piecework.internal.journal.RunNotes;
import dev.piecework.internal.redis.Keys;
import dev.piecework.internal.redis.RedisFailure;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.redis.Values;
import dev.piecework.internal.state.ItemSearch;
import dev.piecework.internal.state.ItemsReader;
import dev.piecework.internal.state.Reclaimer;
import dev.piecework.internal.state.ResultsReader;
import dev.piecework.internal.state.StateReader;
import dev.piecework.internal.state.StatusReader;
import dev.piecework.journal.Journal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** What an operator does to a queue in one hash slot. */
public final class SingleQueueAdmin implements QueueAdmin {

  private final SingleQueue queue;
  private final QueueClient client;
  private final Partition partition;
  private final StateReader reader;
  private final Reclaimer reclaimer;

  SingleQueueAdmin(SingleQueue queue, QueueClient client, StateReader reader, Reclaimer reclaimer) {
    this.queue = queue;
    this.client = client;
    this.partition = client.partition();
    this.reader = reader;
    this.reclaimer = reclaimer;
  }

  @Override
  public String server() {
    return ServerName.of(client.link().info()).shown(client.link().isCluster())
        + " at "
        + client.link().shown();
  }

  @Override
  public OptionalLong memory() {
    Map<String, String> info = client.link().info();
    return Stream.of("maxmemory", "total_system_memory")
        .mapToLong(name -> Long.parseLong(info.getOrDefault(name, "0")))
        .filter(bytes -> bytes > 0)
        .findFirst();
  }

  @Override
  public List<String> names() {
    return client.retry().call(() -> QueueRegistry.names(client.link()));
  }

  @Override
  public List<WorkQueue> partitions() {
    return List.of(queue);
  }

  @Override
  public QueueStatus status() {
    client.retry().call(this::reapWhereAllowed);
    return new StatusReader(client).read(reader.read());
  }

  @Override
  public Journal journal() {
    return new JournalReader(client).read();
  }

  @Override
  public boolean note(String name, String text) {
    return new RunNotes(client).keep(name, text);
  }

  @Override
  public Optional<String> note(String name) {
    return new RunNotes(client).read(name);
  }

  // One wants to look at a queue just when Redis refuses to write.
  private int reapWhereAllowed() {
    try {
      return reclaimer.reapExpired();
    } catch (RedisFailure failure) {
      if (failure.kind() == RedisFailure.Kind.REFUSES_WRITES) {
        return 0;
      }
      throw failure;
    }
  }

  @Override
  public Stream<ItemView> items(ItemState state) {
    queue.run(); // what is done is among its results
    return new ItemsReader(client).in(state).map(partition::shown);
  }

  @Override
  public Stream<ItemView> items(DeadItems which) {
    ItemsReader items = new ItemsReader(client);
    return new DeadItemsChoice(client, partition.stored(which))
        .chosen()
        .flatMap(ids -> items.dead(ids).stream())
        .map(partition::shown);
  }

  @Override
  public Optional<ItemView> item(String id) {
    queue.run();
    return new ItemSearch(client).find(partition.stored(id)).map(partition::shown);
  }

  @Override
  public List<ResultLog> resultLogs() {
    return List.of(resultLog());
  }

  public ResultLog resultLog() {
    return new OneLog(queue, new ResultsReader(client), partition);
  }

  @Override
  public long requeue(DeadItems which) {
    return requeuing(which).move();
  }

  @Override
  public Optional<ItemState> requeueItem(String id) {
    queue.run(); // its results expire no longer
    return new OneItem(client).requeue(partition.stored(id));
  }

  @Override
  public long drop(DeadItems which) {
    return dropping(which).move();
  }

  public DeadItemsMover requeuing(DeadItems which) {
    queue.run(); // its results expire no longer
    return new DeadItemsMover(client, Script.REQUEUE, partition.stored(which));
  }

  public DeadItemsMover dropping(DeadItems which) {
    return new DeadItemsMover(client, Script.DROP, partition.stored(which));
  }

  @Override
  public Optional<ItemState> dropItem(String id) {
    return new OneItem(client).drop(partition.stored(id));
  }

  @Override
  public boolean dropWaiting(byte[] payload) {
    return new OneItem(client).dropWaiting(payload);
  }

  @Override
  public void pause(String reason) {
    SettingsFollowed unused = client.record().create();
    client.insist(Script.PAUSE, client.scope(), reason, "");
  }

  @Override
  public Optional<String> stopEarly(StopEarly rule) {
    return new StopEarlyWatch(queue.name(), List.of(client)).check(rule);
  }

  @Override
  public FollowUp followUp() {
    return new DrainedFollowUp(client, List.of(client));
  }

  @Override
  public void resume() {
    client.insist(Script.RESUME, client.scope());
  }

  @Override
  public void set(Map<String, String> changes) {
    List<Object> args = new ArrayList<>(List.of(client.now()));
    args.addAll(StoredSettings.changes(changes, client.link().info()));
    Reply reply = client.insist(Script.SET, client.scope(), args.toArray());
    if (reply.is("ABSENT")) {
      throw new QueueUnusableException("there is no queue '" + queue.name() + "'");
    }
  }

  @Override
  public boolean slots(String session, int slots) {
    return !client
        .insist(Script.SET_SLOTS, client.scope(session, ""), session, slots)
        .is("UNKNOWN");
  }

  @Override
  public boolean closeSource(String source) {
    return client.insist(Script.CLOSE_SOURCE, client.scope(), "", source, "0", "").is("OK");
  }

  @Override
  public int reapGoneProcesses() {
    return new GoneProcesses(client, reclaimer).reap();
  }

  @Override
  public long adopt() {
    return new Adoption(client).adopt();
  }

  @Override
  public long purge() {
    String name = QueueClient.newId(8); // made again, since its reply was lost, it answers the same
    while (true) {
      Object run = call(Command.HGET, "state", "run");
      byte[] known = client.keys().key("sessions");
      Values sessions = client.retry().call(() -> client.link().range(known, 0, -1));
      Values sources = Values.of(call(Command.HKEYS, "sources"));
      Values ended = Values.of(call(Command.LRANGE, "runs", "0", "-1"));
      String current = run instanceof byte[] text ? new String(text, UTF_8) : "";
      List<byte[]> keys =
          new ArrayList<>(
              client.keys().of(Script.PURGE, Keys.Scope.queue(current, client.link().isCluster())));
      List<Object> args = new ArrayList<>(List.of(client.now(), current, name));
      for (int i = 0; i < sessions.size(); i++) {
        keys.add(client.keys().record(sessions.text(i)));
        args.add(sessions.text(i));
      }
      for (int i = 0; i < sources.size(); i++) {
        keys.add(client.keys().fingerprints(current, sources.text(i)));
      }
      for (int i = 0; i < ended.size(); i++) {
        keys.addAll(client.keys().kept(ended.text(i).split(" ", 2)[0]));
      }
      Reply reply =
          client
              .retry()
              .call(() -> client.eval(Script.PURGE, keys, QueueClient.bytes(args.toArray())));
      if (reply.is("OK")) {
        client.purged();
        QueueRegistry.remove(client.link(), queue.name());
        return reply.number("removed");
      }
    }
  }

  private @Nullable Object call(Command command, String key, String... args) {
    byte[][] raw = QueueClient.bytes((Object[]) args).toArray(new byte[0][]);
    return client.retry().call(() -> client.link().call(command, client.keys().key(key), raw));
  }

  private record OneLog(SingleQueue queue, ResultsReader reader, Partition partition)
      implements ResultLog {

    @Override
    public List<Result> after(long sequence, int max) {
      var unused = queue.run();
      return reader.after(sequence, max).stream().map(partition::shown).toList();
    }

    @Override
    public void dropUpTo(long sequence) {
      var unused = queue.run();
      reader.drop(sequence);
    }
  }
}
