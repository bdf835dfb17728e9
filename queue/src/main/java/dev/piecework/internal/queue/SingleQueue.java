package dev.piecework.internal.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import dev.piecework.WorkQueue;
import dev.piecework.internal.client.Partition;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.client.QueueRegistry;
import dev.piecework.internal.client.ServerName;
import dev.piecework.internal.client.SettingsFollowed;
import dev.piecework.internal.client.StoredSettings;
import dev.piecework.internal.client.WakeUpListener;
import dev.piecework.internal.fill.SingleProducer;
import dev.piecework.internal.redis.Keys;
import dev.piecework.internal.redis.RedisFailure;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.redis.Values;
import dev.piecework.internal.session.OwnSession;
import dev.piecework.internal.session.SingleSession;
import dev.piecework.internal.state.ItemsReader;
import dev.piecework.internal.state.Reclaimer;
import dev.piecework.internal.state.ResultsReader;
import dev.piecework.internal.state.StateReader;
import dev.piecework.internal.state.StatusReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** A queue whose keys lie in one hash slot: one without partitions, or one partition of another. */
public final class SingleQueue implements WorkQueue {

  private final QueueClient client;
  private final Partition partition;
  private final StateReader reader;
  private final Reclaimer reclaimer;
  private final OwnSession own = new OwnSession(this::ownSession);

  public SingleQueue(QueueClient client) {
    this.client = client;
    this.partition = client.partition();
    this.reader = new StateReader(client);
    this.reclaimer = new Reclaimer(client);
  }

  @Override
  public List<String> names() {
    return client.retry().call(() -> QueueRegistry.names(client.link()));
  }

  @Override
  public String name() {
    return client.config().name();
  }

  @Override
  public List<WorkQueue> partitions() {
    return List.of(this);
  }

  @Override
  public QueueSettings settings() {
    return client.record().settings();
  }

  @Override
  public void set(Map<String, String> changes) {
    List<Object> args = new ArrayList<>(List.of(client.now()));
    args.addAll(StoredSettings.changes(changes, client.link().info()));
    Reply reply = client.insist(Script.SET, client.scope(), args.toArray());
    if (reply.is("ABSENT")) {
      throw new QueueUnusableException("there is no queue '" + name() + "'");
    }
  }

  @Override
  public Optional<String> run() {
    return client.run().isEmpty()
        ? Optional.of(reader.read().run()).filter(r -> !r.isEmpty())
        : Optional.of(client.run());
  }

  @Override
  public WorkQueue with(SessionOptions options) {
    return new SingleQueue(client.with(options, false));
  }

  @Override
  public Producer produce(FillOptions options) {
    return new SingleProducer(client, options);
  }

  @Override
  public Producer produceMore(FillOptions options) {
    if (options.source() == null) {
      throw new IllegalArgumentException("source: its name is needed to know what it gave before");
    }
    run(); // whose results no longer expire
    return new SingleProducer(client, options, "");
  }

  @Override
  public boolean closeSource(String source) {
    return client.insist(Script.CLOSE_SOURCE, client.scope(), source, "0").is("OK");
  }

  @Override
  public Session session(SessionInfo info, SessionOptions options) {
    return new SingleSession(client.with(options, false), info);
  }

  private Session ownSession(SessionInfo info) {
    return new SingleSession(client, info);
  }

  @Override
  public List<Lease> lease(int max, Duration wait) {
    return own.lease(max, wait);
  }

  @Override
  public QueueState state() {
    client.retry().call(reclaimer::reapExpired);
    return reader.read().state();
  }

  @Override
  public QueueState awaitEnd(Duration atMost) throws InterruptedException {
    return WakeUpListener.awaitEnd(client, this::state, atMost);
  }

  @Override
  public QueueStatus status() {
    client.retry().call(this::reapWhereAllowed);
    return new StatusReader(client).read(reader.read());
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
  public int reapGoneProcesses() {
    return new GoneProcesses(client, reclaimer).reap();
  }

  @Override
  public Stream<ItemView> items(String state) {
    run(); // what is done is among its results
    return new ItemsReader(client).in(state).map(partition::shown);
  }

  @Override
  public Optional<ItemView> item(String id) {
    run();
    return new ItemsReader(client).withId(partition.stored(id)).map(partition::shown);
  }

  @Override
  public Stream<Result> results() {
    run();
    return new ResultsReader(client).all().map(partition::shown);
  }

  @Override
  public List<Result> results(long after, int max) {
    run();
    return new ResultsReader(client).after(after, max).stream().map(partition::shown).toList();
  }

  @Override
  public void dropResults(long upTo) {
    run();
    new ResultsReader(client).drop(upTo);
  }

  @Override
  public long requeue(DeadItems which) {
    return requeuing(which).move();
  }

  @Override
  public long drop(DeadItems which) {
    return dropping(which).move();
  }

  public DeadItemsMover requeuing(DeadItems which) {
    run(); // its results expire no longer
    return new DeadItemsMover(client, Script.REQUEUE, partition.stored(which));
  }

  public DeadItemsMover dropping(DeadItems which) {
    return new DeadItemsMover(client, Script.DROP, partition.stored(which));
  }

  @Override
  public Optional<String> dropItem(String id) {
    return new OneItem(client).drop(partition.stored(id));
  }

  @Override
  public boolean dropWaiting(byte[] payload) {
    return new OneItem(client).dropWaiting(payload);
  }

  @Override
  public Optional<String> requeueItem(String id) {
    run(); // its results expire no longer
    return new OneItem(client).requeue(partition.stored(id));
  }

  @Override
  public void pause(String reason) {
    SettingsFollowed unused = client.record().create();
    client.insist(Script.PAUSE, client.scope(), reason);
  }

  @Override
  public void resume() {
    client.insist(Script.RESUME, client.scope());
  }

  @Override
  public long purge() {
    String name = QueueClient.newId(8); // made again, since its reply was lost, it answers the same
    while (true) {
      Object run = call(Command.HGET, "state", "run");
      byte[] known = client.keys().key("sessions");
      Values sessions = client.retry().call(() -> client.link().range(known, 0, -1));
      Values sources = Values.of(call(Command.HKEYS, "sources"));
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
      Reply reply =
          client
              .retry()
              .call(() -> client.eval(Script.PURGE, keys, QueueClient.bytes(args.toArray())));
      if (reply.is("OK")) {
        client.purged();
        QueueRegistry.remove(client.link(), name());
        return reply.number("removed");
      }
    }
  }

  @Override
  public long adopt() {
    return new Adoption(client).adopt();
  }

  @Override
  public String server() {
    return ServerName.of(client.link().info()).shown(client.link().isCluster())
        + " at "
        + client.link().shown();
  }

  @Override
  public void close() {
    own.close();
    client.close();
  }

  private @Nullable Object call(Command command, String key, String... args) {
    byte[][] raw = QueueClient.bytes((Object[]) args).toArray(new byte[0][]);
    return client.retry().call(() -> client.link().call(command, client.keys().key(key), raw));
  }
}
