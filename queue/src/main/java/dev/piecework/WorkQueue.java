package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.redis.Keys;
import dev.piecework.redis.RedisFailure;
import dev.piecework.redis.Reply;
import dev.piecework.redis.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

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

  private final Contact contact;
  private final Standings standings;
  private final Reclaimer reclaimer;
  private @Nullable Session own;

  private WorkQueue(Contact contact) {
    this.contact = contact;
    this.standings = new Standings(contact);
    this.reclaimer = new Reclaimer(contact);
  }

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
    return open(config, CallListener.NONE);
  }

  /** The same, with somebody who hears of every script that is called. */
  public static WorkQueue open(QueueConfig config, CallListener listener) {
    Contact contact = Contact.open(config, listener);
    try {
      contact.settings();
      return new WorkQueue(contact);
    } catch (PieceworkException unusable) {
      contact.close();
      throw unusable;
    }
  }

  /** The queues in this Redis, by name: a hint, from a registry that fills write. */
  public List<String> names() {
    Object members =
        contact
            .patience()
            .insist(() -> contact.link().call(Command.SMEMBERS, Contact.utf8(Keys.QUEUES)));
    Reply names = Reply.of(members);
    return IntStream.range(0, names.size()).mapToObj(names::text).sorted().toList();
  }

  public String name() {
    return contact.config().name();
  }

  /** What is stored with the queue, or would be if this client created it. */
  public QueueSettings settings() {
    return contact.settings();
  }

  /** Changes one setting that is stored with the queue; e.g. {@code attempts}, {@code 5}. */
  public void set(String setting, String value) {
    List<Object> fields = StoredSettings.change(contact.settings(), setting, value);
    Reply reply = contact.insist(Script.SET, contact.scope(), fields.toArray());
    if (reply.is("ABSENT")) {
      throw new QueueUnusableException("there is no queue '" + name() + "'");
    }
    contact.forgetSettings();
  }

  /** The current run's id; empty before the first item. */
  public Optional<String> run() {
    return contact.run().isEmpty()
        ? Optional.of(standings.read().run()).filter(r -> !r.isEmpty())
        : Optional.of(contact.run());
  }

  /** Works for this run and no other: a Redis that does not know it has lost it. */
  public void expectRun(String run) {
    contact.workFor(run);
  }

  /** The run must come to hold this many items: fewer, once no producer is open, is a loss. */
  public void expectTotal(long items) {
    contact.expect(items);
  }

  /** Stop (or start again) working for one run only: after drained the next run is worked on. */
  public void followRuns(boolean follow) {
    contact.follow(follow);
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
    return new Producer(contact, options);
  }

  /**
   * Closes a source by hand: one that is held, or whose producer vanished.
   *
   * @return false when there is no such source
   */
  public boolean closeSource(String source) {
    return contact.insist(Script.CLOSE_SOURCE, contact.scope(), source, "0").is("OK");
  }

  /** Starts a session of its own. */
  public Session session(SessionInfo info) {
    return new Session(contact, info);
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
    Session session = own();
    long end = System.nanoTime() + wait.toNanos();
    while (true) {
      Lot lot = session.lease(max);
      if (!lot.leases().isEmpty()) {
        return lot.leases();
      }
      Duration look = Duration.ofSeconds(1);
      switch (lot.standing()) {
        case Standing.Drained drained -> {
          return List.of();
        }
        case Standing.Incomplete incomplete -> {
          return List.of();
        }
        case Standing.Lost lost -> throw new RunLostException(lost.why());
        case Standing.NotYet notYet -> look = notYet.nextChange();
        case Standing.Ready ready -> {}
        case Standing.Paused paused -> {}
        case Standing.ResultsFull full -> {}
        case Standing.NeverFilled never -> {}
      }
      Duration left = Duration.ofNanos(end - System.nanoTime());
      if (left.isNegative() || left.isZero()) {
        return List.of();
      }
      try {
        session.awaitChange(look.compareTo(left) < 0 ? look : left);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return List.of();
      }
    }
  }

  /** Reaps what has lapsed, then says how the queue stands, read in one atomic script. */
  public Standing standing() {
    contact.patience().insist(reclaimer::reapLapsed);
    return standings.read().standing();
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
    long end = System.nanoTime() + atMost.toNanos();
    try (Doorbell doorbell = new Doorbell(contact)) {
      while (true) {
        Standing standing = standing();
        long left = end - System.nanoTime();
        if (isEnd(standing) || left <= 0) {
          doorbell.passOn();
          return standing;
        }
        doorbell.await(Duration.ofNanos(Math.min(left, Duration.ofMillis(200).toNanos())), false);
      }
    }
  }

  /** Everything, at one instant. */
  public QueueStatus status() {
    contact.patience().insist(this::reapWhereAllowed);
    return new StatusReader(contact).read(standings.read());
  }

  // One wants to look at a queue just when Redis refuses to write.
  private int reapWhereAllowed() {
    try {
      return reclaimer.reapLapsed();
    } catch (RedisFailure failure) {
      if (failure.kind() == RedisFailure.Kind.REFUSES_WRITES) {
        return 0;
      }
      throw failure;
    }
  }

  /** Reaps sessions and producers of this host whose process is gone, without waiting a lapse. */
  public int reapGoneProcesses() {
    return new GoneProcesses(contact, reclaimer).reap();
  }

  /**
   * Items in one state, streamed page by page.
   *
   * @param state "waiting", "leased", "delayed", "dead" or "done"
   */
  public Stream<ItemView> items(String state) {
    return new ItemsReader(contact).in(state);
  }

  /** The items under this id: one, or none. */
  public Optional<ItemView> item(String id) {
    return new ItemsReader(contact).withId(id);
  }

  /** Results that are still stored, in the order of their commits. */
  public Stream<Result> results() {
    run();
    return new ResultsReader(contact).all();
  }

  /** At most {@code max} results whose sequence is greater than {@code after}. */
  public List<Result> results(long after, int max) {
    run();
    return new ResultsReader(contact).after(after, max);
  }

  /** Lets Redis forget the results up to this sequence: they are safe elsewhere. */
  public void dropResults(long upTo) {
    run();
    new ResultsReader(contact).drop(upTo);
  }

  /** Dead items back to waiting, with fresh budgets. */
  public long requeue(DeadItems which) {
    run();
    return new DeadItemsMover(contact, Script.REQUEUE).move(which);
  }

  /** Dead items out of the queue, with their evidence. */
  public long drop(DeadItems which) {
    return new DeadItemsMover(contact, Script.DROP).move(which);
  }

  /** No more leasing until {@link #resume}; what is leased goes on. */
  public void pause(String reason) {
    contact.create();
    contact.insist(Script.PAUSE, contact.scope(), reason);
  }

  /** Leasing goes on. */
  public void resume() {
    contact.insist(Script.RESUME, contact.scope());
  }

  /**
   * Removes everything. Sessions that hold items are refused when they end them.
   *
   * @return how many items there were
   */
  public long purge() {
    while (true) {
      Object run = call(Command.HGET, "state", "run");
      Reply sessions = Reply.of(call(Command.ZRANGE, "sessions", "0", "-1"));
      Reply sources = Reply.of(call(Command.HKEYS, "sources"));
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
        unregister();
        return reply.number(1);
      }
    }
  }

  /**
   * Puts back what rediswq workers hold whose lease key is gone.
   *
   * @throws QueueUnusableException on a Cluster, where their keys lie in other slots
   */
  public long adopt() {
    return new Adoption(contact).adopt();
  }

  /** What Redis this is, for people: "Redis 7.0.15 at 127.0.0.1:6379". */
  public String server() {
    String kind = contact.link().isCluster() ? "Redis Cluster " : "Redis ";
    return kind
        + contact.link().info().getOrDefault("redis_version", "?")
        + " at "
        + contact.link().shown();
  }

  @Override
  public void close() {
    Session session = own;
    if (session != null) {
      session.close();
    }
    contact.close();
  }

  private synchronized Session own() {
    Session session = own;
    if (session == null) {
      session = session(SessionInfo.local(1));
      own = session;
    }
    return session;
  }

  private static boolean isEnd(Standing standing) {
    return standing instanceof Standing.Drained
        || standing instanceof Standing.Incomplete
        || standing instanceof Standing.Lost;
  }

  private void unregister() {
    try {
      contact.link().call(Command.SREM, Contact.utf8(Keys.QUEUES), Contact.utf8(name()));
    } catch (RedisFailure hintOnly) {
      // The registry is a hint; a queue that is not there is shown as empty.
    }
  }

  private @Nullable Object call(Command command, String key, String... args) {
    byte[][] raw = Contact.bytes((Object[]) args).toArray(new byte[0][]);
    return contact
        .patience()
        .insist(() -> contact.link().call(command, contact.keys().key(key), raw));
  }
}
