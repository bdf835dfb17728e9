package dev.piecework.internal.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.CallListener;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.SessionOptions;
import dev.piecework.internal.redis.Keys;
import dev.piecework.internal.redis.Keys.Scope;
import dev.piecework.internal.redis.RedisFailure;
import dev.piecework.internal.redis.RedisLink;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.redis.Values;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one client has of one queue: the connection, and what it remembers, so that a Redis which
 * lost data is noticed. The run it works for is the one it saw first; tokens only grow. A session
 * has one of its own over the same connection, for it may work for another run.
 */
public final class QueueClient implements AutoCloseable {

  /** The format of keys and scripts that this client speaks. */
  static final int FORMAT = 1;

  private static final byte[] NOTHING = {};

  // In a class of its own: who only reads a queue needs no chance, and it takes milliseconds.
  private static final class Chance {
    static final SecureRandom RANDOM = new SecureRandom();
  }

  /** What all that were made from one share: one program's sessions and partitions of a queue. */
  private record Shared(
      RedisLink link, CallListener listener, Set<String> said, TokensSeen tokens) {}

  private volatile QueueConfig config;
  private final Partition partition;
  private final Shared shared;
  private final boolean ownsLink;
  private final RedisLink link;
  private final Keys keys;
  private final RetryUntilTimeout retry;

  private volatile String run = "";
  private volatile boolean follow;
  private volatile long expected;
  private final QueueRecord record;

  private QueueClient(
      QueueConfig config, Partition partition, Shared shared, boolean ownsLink, boolean created) {
    this.config = config;
    this.partition = partition;
    this.shared = shared;
    this.ownsLink = ownsLink;
    this.link = shared.link();
    this.keys = new Keys(config.name());
    this.retry =
        new RetryUntilTimeout(
            config.redisTimeout(), config.access().notices(), link::forgetIdleConnections);
    this.record = new QueueRecord(this, created);
  }

  public static QueueClient open(QueueConfig config, CallListener listener) {
    Shared shared =
        new Shared(
            Opening.link(config),
            listener,
            ConcurrentHashMap.newKeySet(),
            new TokensSeen(config.access().notices()));
    return new QueueClient(config, Partition.whole(config.name()), shared, true, false);
  }

  /** One partition of this queue, over the same connections: those are closed with this one. */
  public QueueClient part(int number, QueueSettings settings) {
    Partition part = new Partition(config.name(), number, settings.partitions());
    QueueConfig itsOwn =
        new QueueConfig(
            config.uri(),
            part.name(),
            config.redisTimeout(),
            Partition.settingsOfOne(settings),
            config.access());
    TokensSeen tokens = new TokensSeen(config.access().notices());
    return new QueueClient(
        itsOwn, part, new Shared(link, shared.listener(), shared.said(), tokens), false, false);
  }

  /**
   * Another one of the same queue, with what this one has seen.
   *
   * @param instead whether it takes this one's place, and closes the connections
   */
  public QueueClient with(SessionOptions options, boolean instead) {
    QueueClient other =
        new QueueClient(config, partition, shared, instead && ownsLink, record.isCreated());
    String wanted = options.run();
    other.run = wanted == null ? run : wanted;
    other.follow = follow || options.followsRuns();
    other.expected = options.expect() == 0 ? expected : options.expect();
    return other;
  }

  public Partition partition() {
    return partition;
  }

  public RedisLink link() {
    return link;
  }

  public Keys keys() {
    return keys;
  }

  public RetryUntilTimeout retry() {
    return retry;
  }

  /** What is stored of the queue itself. */
  public QueueRecord record() {
    return record;
  }

  public QueueConfig config() {
    return config;
  }

  public Scope scope() {
    return Scope.queue(run, link.isCluster());
  }

  public Scope scope(String session, String source) {
    return new Scope(session, run, source, link.isCluster());
  }

  /**
   * Runs a script with the queue's keys, waiting out an outage; only for what may be done twice. A
   * script that needs the keys of the run that is there, and got those of another, is run again.
   */
  public Reply insist(Script script, Scope scope, Object... args) {
    Reply reply = retry.call(() -> once(script, scope, args));
    return reply.is("OTHER_RUN") && !reply.text("run").equals(scope.run())
        ? insist(script, scope.of(reply.text("run")), args)
        : reply;
  }

  /** Runs a script once. */
  public Reply once(Script script, Scope scope, Object... args) {
    return eval(script, keys.of(script, scope), bytes(args));
  }

  /** The same with keys of the caller's choice. */
  public Reply eval(Script script, List<byte[]> all, List<byte[]> args) {
    CallListener.Answered heard = shared.listener().calling(script.call(args));
    try {
      long before = shared.tokens().highest();
      Reply reply = link.eval(script, all, args);
      heard.answered(reply.parts());
      shared.tokens().sawIn(reply, before);
      return reply;
    } catch (RedisFailure failure) {
      heard.failed(failure.kind() == RedisFailure.Kind.AWAY, failure.reason());
      throw failure;
    }
  }

  /** Likewise, with arguments that are bytes already. */
  public Reply once(Script script, Scope scope, List<byte[]> args) {
    return eval(script, keys.of(script, scope), args);
  }

  /** The time for scripts: empty for Redis's own. */
  public byte[] now() {
    InstantSource clock = config.access().clock();
    return clock == null ? NOTHING : utf8(Long.toString(clock.millis() * 1_000));
  }

  /** Redis's time, or the one that a test gives. */
  public long serverMillis() {
    InstantSource clock = config.access().clock();
    if (clock != null) {
      return clock.millis();
    }
    Values time =
        Values.of(
            retry.call(() ->
                link.onOneConnection(
                    keys.key("state"),
                    connection ->
                        connection.executeCommand(redis.clients.jedis.Protocol.Command.TIME))));
    return time.number(0) * 1_000 + time.number(1) / 1_000;
  }

  public String run() {
    return run;
  }

  public void workFor(String newRun) {
    run = newRun;
  }

  public boolean follows() {
    return follow;
  }

  public long expected() {
    return expected;
  }

  /** The run to ask about: none in particular when every run is worked on. */
  public String runAskedFor() {
    return follow ? "" : run;
  }

  /** This client itself has removed everything: that no token is left is no rollback. */
  public void purged() {
    run = "";
    shared.tokens().forget();
    record.isPurged();
  }

  /** See {@link TokensSeen#highest}. */
  public long highestToken() {
    return shared.tokens().highest();
  }

  /** Tells a person, the first time. */
  public void sayOnce(String notice) {
    if (shared.said().add(notice)) {
      config.access().notices().accept(notice);
    }
  }

  /** What is stored with the queue if this client creates it. */
  public void wish(QueueSettings settings) {
    config = config.withSettings(settings);
  }

  /** Starts a run if there is something to run; adopts it. */
  public boolean begin() {
    SettingsFollowed unused = record.create();
    Reply reply = insist(Script.BEGIN, scope(), now(), newId(8));
    if (reply.is("OK")) {
      run = reply.text("run");
      return true;
    }
    return false;
  }

  public static String newId(int bytes) {
    byte[] random = new byte[bytes];
    Chance.RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  public static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  public static List<byte[]> bytes(Object... args) {
    List<byte[]> list = new ArrayList<>(args.length);
    for (Object arg : args) {
      list.add(arg instanceof byte[] raw ? raw : utf8(String.valueOf(arg)));
    }
    return list;
  }

  @Override
  public void close() {
    if (ownsLink) {
      link.close();
    }
  }
}
