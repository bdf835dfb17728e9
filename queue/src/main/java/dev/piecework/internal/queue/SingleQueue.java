package dev.piecework.internal.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.DeadItems;
import dev.piecework.FillOptions;
import dev.piecework.ItemView;
import dev.piecework.Lease;
import dev.piecework.Producer;
import dev.piecework.QueueSettings;
import dev.piecework.QueueStatus;
import dev.piecework.QueueUnusableException;
import dev.piecework.Result;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.SessionOptions;
import dev.piecework.Standing;
import dev.piecework.WorkQueue;
import dev.piecework.internal.client.Contact;
import dev.piecework.internal.client.Doorbell;
import dev.piecework.internal.client.Partition;
import dev.piecework.internal.client.QueueRegistry;
import dev.piecework.internal.client.ServerName;
import dev.piecework.internal.client.SettingsFollowed;
import dev.piecework.internal.client.StoredSettings;
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
import dev.piecework.internal.state.Standings;
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

  private final Contact contact;
  private final Partition partition;
  private final Standings standings;
  private final Reclaimer reclaimer;
  private final OwnSession own = new OwnSession(this::ownSession);

  public SingleQueue(Contact contact) {
    this.contact = contact;
    this.partition = contact.partition();
    this.standings = new Standings(contact);
    this.reclaimer = new Reclaimer(contact);
  }

  @Override
  public List<String> names() {
    return contact.patience().insist(() -> QueueRegistry.names(contact.link()));
  }

  @Override
  public String name() {
    return contact.config().name();
  }

  @Override
  public List<WorkQueue> partitions() {
    return List.of(this);
  }

  @Override
  public QueueSettings settings() {
    return contact.settings();
  }

  @Override
  public void set(Map<String, String> changes) {
    List<Object> args = new ArrayList<>(List.of(contact.now()));
    args.addAll(StoredSettings.changes(changes, contact.link().info()));
    Reply reply = contact.insist(Script.SET, contact.scope(), args.toArray());
    if (reply.is("ABSENT")) {
      throw new QueueUnusableException("there is no queue '" + name() + "'");
    }
  }

  @Override
  public Optional<String> run() {
    return contact.run().isEmpty()
        ? Optional.of(standings.read().run()).filter(r -> !r.isEmpty())
        : Optional.of(contact.run());
  }

  @Override
  public WorkQueue with(SessionOptions options) {
    return new SingleQueue(contact.with(options, false));
  }

  @Override
  public Producer produce(FillOptions options) {
    return new SingleProducer(contact, options);
  }

  @Override
  public Producer produceMore(FillOptions options) {
    if (options.source() == null) {
      throw new IllegalArgumentException("source: its name is needed to know what it gave before");
    }
    run(); // whose results no longer expire
    return new SingleProducer(contact, options, "");
  }

  @Override
  public boolean closeSource(String source) {
    return contact.insist(Script.CLOSE_SOURCE, contact.scope(), source, "0").is("OK");
  }

  @Override
  public Session session(SessionInfo info, SessionOptions options) {
    return new SingleSession(contact.with(options, false), info);
  }

  private Session ownSession(SessionInfo info) {
    return new SingleSession(contact, info);
  }

  @Override
  public List<Lease> lease(int max, Duration wait) {
    return own.lease(max, wait);
  }

  @Override
  public Standing standing() {
    contact.patience().insist(reclaimer::reapExpired);
    return standings.read().standing();
  }

  @Override
  public Standing awaitEnd(Duration atMost) throws InterruptedException {
    return Doorbell.awaitEnd(contact, this::standing, atMost);
  }

  @Override
  public QueueStatus status() {
    contact.patience().insist(this::reapWhereAllowed);
    return new StatusReader(contact).read(standings.read());
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
    return new GoneProcesses(contact, reclaimer).reap();
  }

  @Override
  public Stream<ItemView> items(String state) {
    run(); // what is done is among its results
    return new ItemsReader(contact).in(state).map(partition::shown);
  }

  @Override
  public Optional<ItemView> item(String id) {
    run();
    return new ItemsReader(contact).withId(partition.stored(id)).map(partition::shown);
  }

  @Override
  public Stream<Result> results() {
    run();
    return new ResultsReader(contact).all().map(partition::shown);
  }

  @Override
  public List<Result> results(long after, int max) {
    run();
    return new ResultsReader(contact).after(after, max).stream().map(partition::shown).toList();
  }

  @Override
  public void dropResults(long upTo) {
    run();
    new ResultsReader(contact).drop(upTo);
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
    return new DeadItemsMover(contact, Script.REQUEUE, partition.stored(which));
  }

  public DeadItemsMover dropping(DeadItems which) {
    return new DeadItemsMover(contact, Script.DROP, partition.stored(which));
  }

  @Override
  public Optional<String> dropItem(String id) {
    return new OneItem(contact).drop(partition.stored(id));
  }

  @Override
  public boolean dropWaiting(byte[] payload) {
    return new OneItem(contact).dropWaiting(payload);
  }

  @Override
  public Optional<String> requeueItem(String id) {
    run(); // its results expire no longer
    return new OneItem(contact).requeue(partition.stored(id));
  }

  @Override
  public void pause(String reason) {
    SettingsFollowed unused = contact.create();
    contact.insist(Script.PAUSE, contact.scope(), reason);
  }

  @Override
  public void resume() {
    contact.insist(Script.RESUME, contact.scope());
  }

  @Override
  public long purge() {
    while (true) {
      Object run = call(Command.HGET, "state", "run");
      byte[] known = contact.keys().key("sessions");
      Values sessions = contact.patience().insist(() -> contact.link().range(known, 0, -1));
      Values sources = Values.of(call(Command.HKEYS, "sources"));
      String current = run instanceof byte[] text ? new String(text, UTF_8) : "";
      List<byte[]> keys =
          new ArrayList<>(
              contact
                  .keys()
                  .of(Script.PURGE, Keys.Scope.queue(current, contact.link().isCluster())));
      List<Object> args = new ArrayList<>(List.of(contact.now(), current));
      for (int i = 0; i < sessions.size(); i++) {
        keys.add(contact.keys().record(sessions.text(i)));
        args.add(sessions.text(i));
      }
      for (int i = 0; i < sources.size(); i++) {
        keys.add(contact.keys().prints(current, sources.text(i)));
      }
      Reply reply =
          contact
              .patience()
              .insist(() -> contact.eval(Script.PURGE, keys, Contact.bytes(args.toArray())));
      if (reply.is("OK")) {
        contact.purged();
        QueueRegistry.remove(contact.link(), name());
        return reply.number("removed");
      }
    }
  }

  @Override
  public long adopt() {
    return new Adoption(contact).adopt();
  }

  @Override
  public String server() {
    return ServerName.of(contact.link().info()).shown(contact.link().isCluster())
        + " at "
        + contact.link().shown();
  }

  @Override
  public void close() {
    own.close();
    contact.close();
  }

  private @Nullable Object call(Command command, String key, String... args) {
    byte[][] raw = Contact.bytes((Object[]) args).toArray(new byte[0][]);
    return contact
        .patience()
        .insist(() -> contact.link().call(command, contact.keys().key(key), raw));
  }
}
