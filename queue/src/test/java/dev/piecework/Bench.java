package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Keys;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.redis.Values;
import dev.piecework.internal.session.SingleSession;
import dev.piecework.internal.state.Reclaimer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol.Command;

/**
 * One queue under test, with its clock in the test's hand. The lease timeout is an hour, so that no
 * heartbeat comes by itself: a session that is not beaten for has crashed.
 */
public final class Bench implements QueueBench {

  public static final Duration LEASE_TIMEOUT = Duration.ofHours(1);
  public static final QueueSettings SETTINGS =
      QueueSettings.DEFAULTS
          .withLeaseTimeout(LEASE_TIMEOUT)
          .withProducerGrace(LEASE_TIMEOUT.multipliedBy(2))
          .withBackoff(Duration.ofMinutes(1), Duration.ofMinutes(8));

  /** For a reply to a person: the default of Jedis, 2 s, is not enough on a busy machine. */
  private static final int PATIENCE_MILLIS = 60_000;

  static {
    // Ten seconds are Awaitility's own limit, and not enough on a busy machine.
    Awaitility.setDefaultTimeout(Duration.ofMinutes(2));
  }

  private static final AtomicInteger NUMBER = new AtomicInteger();

  final String name = "job-" + NUMBER.incrementAndGet();
  final List<String> notices = new CopyOnWriteArrayList<>();

  private final UnaryOperator<QueueConfig> place;
  private final @Nullable String ownUri;
  private volatile Instant now = Instant.parse("2026-02-28T23:59:58.765Z");
  private final Deque<Runnable> opened = new ArrayDeque<>();
  private @Nullable QueueClient own;

  /** A queue of its own in this Redis. */
  public Bench(String uri) {
    this(config -> new QueueConfig(uri, config.name(), timeout(), SETTINGS, config.access()));
  }

  Bench(UnaryOperator<QueueConfig> place) {
    this.place = place;
    this.ownUri = null;
  }

  /** Looks and interferes itself as this other user, who may do more than those under test. */
  Bench(UnaryOperator<QueueConfig> place, String ownUri) {
    this.place = place;
    this.ownUri = ownUri;
  }

  /** In a server that all tests of this JVM share. */
  static Bench shared() {
    return new Bench(Place.STANDALONE::config);
  }

  static Duration timeout() {
    return Duration.ofSeconds(20);
  }

  @Override
  public String name() {
    return name;
  }

  QueueConfig config() {
    return place
        .apply(QueueConfig.of("redis://localhost", name))
        .withClock(() -> now)
        .withNotices(notices::add);
  }

  @Override
  public WorkQueue open() {
    return open(config -> config);
  }

  WorkQueue open(UnaryOperator<QueueConfig> change) {
    WorkQueue queue = WorkQueue.open(change.apply(config()));
    opened.push(queue::close);
    return queue;
  }

  @Override
  public WorkQueue with(QueueSettings settings) {
    return open(config -> config.withSettings(settings));
  }

  Instant now() {
    return now;
  }

  @Override
  public synchronized void advance(Duration by) {
    now = now.plus(by);
  }

  @Override
  public void expireExcept(Session... alive) {
    for (int i = 0; i < 4; i++) {
      advance(LEASE_TIMEOUT.dividedBy(4).plusMillis(1));
      for (Session session : alive) {
        beat(session);
      }
    }
  }

  @Override
  public void beat(Session session) {
    QueueClient client = client();
    client.once(
        Script.BEAT,
        client.scope(session.id(), ""),
        tellingNothing(client.now(), session.id(), "", 0));
  }

  /** The arguments of a heartbeat, or of the end, of a session that has nothing for the journal. */
  static Object[] tellingNothing(Object... first) {
    return Stream.concat(Arrays.stream(first), Stream.of("tester", 0, 0, 0, 0, 0, "", "", 1))
        .toArray();
  }

  /** A producer's heartbeat; the run is the current one. */
  @Override
  public void beat(Producer producer) {
    String run = String.valueOf(state("run"));
    QueueClient client = client();
    client.once(
        Script.BEAT_PRODUCER,
        new Keys.Scope("", run, producer.source(), false),
        client.now(),
        run,
        producer.source());
  }

  @Override
  public int reap() {
    return new Reclaimer(client()).reapExpired();
  }

  public QueueClient client() {
    QueueClient client = own;
    if (client == null) {
      QueueConfig config = config();
      String uri = ownUri;
      client =
          QueueClient.open(
              uri == null
                  ? config
                  : new QueueConfig(
                      uri, name, config.redisTimeout(), config.settings(), config.access()),
              CallListener.NONE);
      own = client;
      opened.push(client::close);
    }
    return client;
  }

  /** What a person does with redis-cli. The first argument is the key. */
  @Nullable Object cli(Command command, String key, Object... args) {
    byte[][] rest =
        Arrays.stream(args)
            .map(arg -> arg instanceof byte[] raw ? raw : String.valueOf(arg).getBytes(UTF_8))
            .toArray(byte[][]::new);
    return client().link().call(command, key.getBytes(UTF_8), rest);
  }

  /** The same, with a key of the queue by its name in the scripts. */
  @Nullable Object raw(Command command, String key, Object... args) {
    return cli(command, new String(client().keys().key(key), UTF_8), args);
  }

  @Override
  public void rpush(Object... items) {
    cli(Command.RPUSH, name, items);
  }

  @Nullable String state(String field) {
    return raw(Command.HGET, "state", field) instanceof byte[] text
        ? new String(text, UTF_8)
        : null;
  }

  /** All keys of the queue that are there, without the braces' part. */
  List<String> keys() {
    Values all =
        Values.of(
            client()
                .link()
                .onOneConnection(
                    client().keys().key("state"),
                    connection ->
                        connection.executeCommand(
                            new redis.clients.jedis.CommandArguments(Command.KEYS)
                                .add("{" + name + "}:*"))));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      names.add(all.text(i).substring(name.length() + 3));
    }
    return names;
  }

  static Stream<Item> items(String... texts) {
    return Arrays.stream(texts).map(Item::of);
  }

  static Stream<Item> numbers(int n) {
    return Stream.iterate(1, i -> i + 1).limit(n).map(i -> Item.of("n" + i));
  }

  static List<String> texts(LeaseBatch batch) {
    return texts(batch.leases());
  }

  static List<String> texts(List<Lease> leases) {
    return leases.stream().map(Lease::text).toList();
  }

  static List<String> ids(List<Lease> leases) {
    return leases.stream().map(Lease::id).toList();
  }

  static List<Settlement> complete(List<Lease> leases) {
    return leases.stream().map(Settlement::complete).toList();
  }

  /** Leases and completes until nothing more comes; what came, in order. */
  static List<String> drain(Session session) {
    List<String> all = new ArrayList<>();
    LeaseBatch batch = session.lease(7);
    while (!batch.leases().isEmpty()) {
      all.addAll(texts(batch));
      batch = session.step(complete(batch.leases()), 7);
    }
    return all;
  }

  static Session session(WorkQueue queue) {
    return queue.session(SessionInfo.local("tester", 1));
  }

  /** It is the test that reaps: their own look, each second, may come before that of the test. */
  static void reapNobody(Session... sessions) {
    for (Session session : sessions) {
      ((SingleSession) session).reapNobody();
    }
  }

  /** A person's connection to a server of this machine that asks for no password. */
  public static Jedis admin(int port) {
    return new Jedis("127.0.0.1", port, PATIENCE_MILLIS);
  }

  static Keys keysOf(QueueClient client) {
    return client.keys();
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      opened.pop().run();
    }
  }
}
