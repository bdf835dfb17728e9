package dev.piecework;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a queue.
 *
 * @param uri {@code redis://[user:password@]host[:port][/db]}, {@code rediss://...} for TLS, {@code
 *     redis-sentinel://[user:password@]host:port[,host:port...]/master[/db]}, or a comma list of
 *     {@code redis://} for a Cluster (which is also recognised from one of its nodes); all of it is
 *     at {@link RedisUri}
 * @param name the queue's name: {@code [A-Za-z0-9._:-]{1,200}}
 * @param redisTimeout how long Redis may be away, or refuse to write, before a call gives up
 * @param settings what to store with the queue if this client is the one that creates it
 * @param access further credentials and hooks
 */
public record QueueConfig(
    String uri, String name, Duration redisTimeout, QueueSettings settings, Access access) {

  /**
   * @param passwordFile a file whose first line is the password, in the place of one in the URI, or
   *     null; it is read again for each new connection
   * @param tls whom to trust with {@code rediss://}, and what to show for oneself
   * @param clientName what {@code CLIENT LIST} shows
   * @param clock null for Redis's own time; tests set it
   * @param notices is told, once each, what a person should know: a rollback that was noticed, a
   *     Redis without an append-only file, a reconnect, another master
   * @param addresses where to connect to for a server that the URI, Sentinels or a Cluster name, as
   *     through tunnels to servers whose names mean nothing here; asked for each connection
   */
  public record Access(
      @Nullable Path passwordFile,
      TlsFiles tls,
      String clientName,
      @Nullable InstantSource clock,
      Consumer<String> notices,
      UnaryOperator<RedisUri.Node> addresses) {

    /** Servers are where their names say. */
    public Access(
        @Nullable Path passwordFile,
        TlsFiles tls,
        String clientName,
        @Nullable InstantSource clock,
        Consumer<String> notices) {
      this(passwordFile, tls, clientName, clock, notices, UnaryOperator.identity());
    }
  }

  public QueueConfig {
    requireName(name);
    if (redisTimeout.isNegative()) {
      throw new IllegalArgumentException("redisTimeout " + redisTimeout + " is negative");
    }
  }

  static void requireName(String name) {
    if (!name.matches("[A-Za-z0-9._:-]{1,200}")) {
      throw new IllegalArgumentException(
          "queue name '"
              + name.replaceAll("\\p{Cntrl}", "?")
              + "' must be 1 to 200 letters, digits and . _ : -");
    }
  }

  /** The queue of this name in this Redis, with a time-out of 30 s and default settings. */
  public static QueueConfig of(String uri, String name) {
    return new QueueConfig(
        uri,
        name,
        Duration.ofSeconds(30),
        QueueSettings.DEFAULTS,
        new Access(null, TlsFiles.NONE, "piecework", null, notice -> {}));
  }

  public QueueConfig withRedisTimeout(Duration timeout) {
    return new QueueConfig(uri, name, timeout, settings, access);
  }

  public QueueConfig withSettings(QueueSettings newSettings) {
    return new QueueConfig(uri, name, redisTimeout, newSettings, access);
  }

  public QueueConfig withAccess(Access newAccess) {
    return new QueueConfig(uri, name, redisTimeout, settings, newAccess);
  }

  /** Notices go here; see {@link Access#notices()}. */
  public QueueConfig withNotices(Consumer<String> notices) {
    return withAccess(
        new Access(
            access.passwordFile,
            access.tls,
            access.clientName,
            access.clock,
            notices,
            access.addresses));
  }

  /** Scripts take the time from here instead of from Redis: for tests. */
  public QueueConfig withClock(InstantSource clock) {
    return withAccess(
        new Access(
            access.passwordFile,
            access.tls,
            access.clientName,
            clock,
            access.notices,
            access.addresses));
  }
}
