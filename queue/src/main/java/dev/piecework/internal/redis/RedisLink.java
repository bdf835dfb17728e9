package dev.piecework.internal.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.RedisUri;
import dev.piecework.RedisUri.Login;
import dev.piecework.RedisUri.Node;
import dev.piecework.RedisUri.Sentinels;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultRedisCredentials;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.Protocol.Keyword;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.exceptions.JedisRedirectionException;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.providers.ConnectionProvider;
import redis.clients.jedis.providers.PooledConnectionProvider;
import redis.clients.jedis.providers.SentineledConnectionProvider;

/**
 * Calls to one Redis, whichever way it is set up. Each call is tried once: whether it may be tried
 * again after its reply was lost is for the caller to know, so the client library's own repetitions
 * are not used.
 */
public final class RedisLink implements AutoCloseable {

  private final RedisUri address;
  private final ConnectionProvider connections;
  private final boolean cluster;
  private final MasterWatch masters;
  private final Map<String, String> info;
  private volatile boolean closed;

  private RedisLink(
      RedisUri address, ConnectionProvider connections, Options options, Map<String, String> info) {
    this.address = address;
    this.connections = connections;
    this.cluster = connections instanceof ClusterConnectionProvider;
    this.masters = new MasterWatch(connections, options.notices());
    this.info = info;
  }

  /**
   * Options of a link.
   *
   * @param clientName for CLIENT LIST
   * @param tls what makes connections with TLS; null for the JDK's
   * @param callTimeout how long one call may take
   * @param login asked before each connection to a data server, so that a password may change
   * @param addresses where to connect to for a server of this name
   * @param notices is told when there is another master
   */
  public record Options(
      String clientName,
      javax.net.ssl.@Nullable SSLSocketFactory tls,
      Duration callTimeout,
      Supplier<Login> login,
      UnaryOperator<Node> addresses,
      Consumer<String> notices) {}

  /**
   * Connects. A single address that turns out to be a node of a Cluster is taken for the Cluster.
   *
   * @throws RedisFailure when that fails
   */
  public static RedisLink open(RedisUri address, Options options) {
    try {
      JedisClientConfig config = config(address, options);
      ConnectionProvider provider =
          switch (address.servers()) {
            case RedisUri.Cluster several -> null;
            case RedisUri.One one ->
                new PooledConnectionProvider(hosts(address).iterator().next(), config, pool());
            case Sentinels sentinels -> byWayOf(sentinels, address, options);
          };
      if (provider == null) {
        return openCluster(address, config, options);
      }
      try {
        Map<String, String> info = infoOf(provider.getConnection());
        if ("1".equals(info.get("cluster_enabled"))) {
          closeQuietly(provider);
          return openCluster(address, config, options);
        }
        return new RedisLink(address, provider, options, info);
      } catch (RuntimeException failed) {
        closeQuietly(provider);
        throw failed;
      }
    } catch (JedisException failed) {
      throw Failures.of(failed, who(address));
    }
  }

  private static ConnectionProvider byWayOf(
      Sentinels sentinels, RedisUri address, Options options) {
    JedisClientConfig toSentinels =
        new SentinelLogin(
                options.login(), sentinels, login -> sentinelConfig(address, options, login))
            .found();
    return new SentineledConnectionProvider(
        sentinels.master(), config(address, options), pool(), hosts(address), toSentinels);
  }

  private static RedisLink openCluster(
      RedisUri address, JedisClientConfig config, Options options) {
    ClusterConnectionProvider provider =
        new ClusterConnectionProvider(hosts(address), config, pool());
    try {
      return new RedisLink(address, provider, options, infoOf(provider.getConnection()));
    } catch (RuntimeException failed) {
      closeQuietly(provider);
      throw failed;
    }
  }

  /** Whether this is a Cluster. */
  public boolean isCluster() {
    return cluster;
  }

  /** Where it is, for people. */
  public String shown() {
    return address.shown();
  }

  /** What INFO said when the link was opened. */
  public Map<String, String> info() {
    return info;
  }

  /** What INFO says now, of the server that has this key. */
  public Map<String, String> freshInfo(byte[] key) {
    return onOneConnection(key, RedisLink::readInfo);
  }

  /** Members of a sorted set by rank, as ZRANGE has it. */
  public Values range(byte[] key, long from, long to) {
    return Values.of(
        call(Command.ZRANGE, key, Protocol.toByteArray(from), Protocol.toByteArray(to)));
  }

  /** Runs a script; loads it where it is not known. */
  public Reply eval(Script script, List<byte[]> keys, List<byte[]> args) {
    return Reply.of(
        script,
        onOneConnection(
            keys.getFirst(),
            connection -> {
              try {
                return connection.executeCommand(evalsha(script, keys, args));
              } catch (JedisNoScriptException unknown) {
                connection.executeCommand(
                    new CommandArguments(Command.SCRIPT).add(Keyword.LOAD).add(script.body()));
                return connection.executeCommand(evalsha(script, keys, args));
              }
            }));
  }

  /** Any command on one key, which comes first among the arguments. */
  public @Nullable Object call(ProtocolCommand command, byte[] key, byte[]... args) {
    return onOneConnection(
        key,
        connection -> {
          CommandArguments arguments = new CommandArguments(command).key(key);
          for (byte[] arg : args) {
            arguments.add(arg);
          }
          return connection.executeCommand(arguments);
        });
  }

  /**
   * Commands on keys of the same slot, sent as one: the answers come in their order.
   *
   * @throws RedisFailure when one fails
   */
  public List<@Nullable Object> callAll(byte[] key, List<CommandArguments> commands) {
    return new Pipeline(this, key).answers(commands);
  }

  /**
   * Several calls on the connection to the server that has this key.
   *
   * @throws RedisFailure when one fails
   */
  public <T extends @Nullable Object> T onOneConnection(byte[] key, Function<Connection, T> calls) {
    try (Connection connection = connection(key)) {
      try {
        return calls.apply(connection);
      } catch (JedisAskDataException moving) {
        return onTarget(moving, calls);
      } catch (JedisRedirectionException moved) {
        ((ClusterConnectionProvider) connections).renewSlotCache();
        throw moved;
      }
    } catch (JedisException failed) {
      lookForNewMasters(failed);
      throw Failures.of(failed, who(address));
    }
  }

  // A master that has died redirects nobody to the one that took its slots over.
  private void lookForNewMasters(JedisException failed) {
    if (cluster && failed instanceof JedisConnectionException) {
      try {
        ((ClusterConnectionProvider) connections).renewSlotCache();
      } catch (JedisException allAway) {
        // The call has failed already, and the next one looks again.
      }
    }
  }

  /**
   * A connection of the caller's own, for blocking calls: it may be closed by force from another
   * thread at any time.
   */
  public Connection borrow(byte[] key) {
    try {
      return connection(key);
    } catch (JedisException failed) {
      lookForNewMasters(failed);
      throw Failures.of(failed, who(address));
    }
  }

  /** Maps what a call on a borrowed connection threw. */
  public RedisFailure failure(JedisException failed) {
    return Failures.of(failed, who(address));
  }

  /** After a failure: idle connections are likely to be broken as well. */
  public void forgetIdleConnections() {
    connections
        .getConnectionMap()
        .values()
        .forEach(pool -> {
          if (pool instanceof org.apache.commons.pool2.impl.GenericObjectPool<?> idle) {
            idle.clear();
          }
        });
  }

  /** Whether nothing will go through this any more. */
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    closeQuietly(connections);
  }

  private <T extends @Nullable Object> T onTarget(
      JedisAskDataException moving, Function<Connection, T> calls) {
    ClusterConnectionProvider nodes = (ClusterConnectionProvider) connections;
    try (Connection target = nodes.getConnection(moving.getTargetNode())) {
      target.executeCommand(Command.ASKING);
      return calls.apply(target);
    }
  }

  private Connection connection(byte[] key) {
    if (closed) {
      // Not for the pool to say: that would be tried again for as long as an outage is.
      throw new RedisFailure(RedisFailure.Kind.UNUSABLE, "the WorkQueue of this is closed", null);
    }
    Connection connection =
        cluster
            ? connections.getConnection(new CommandArguments(Command.EXISTS).key(key))
            : connections.getConnection();
    masters.look(key);
    return connection;
  }

  private static CommandArguments evalsha(Script script, List<byte[]> keys, List<byte[]> args) {
    CommandArguments call = new CommandArguments(Command.EVALSHA);
    call.add(script.sha()).add(keys.size());
    for (byte[] key : keys) {
      call.add(key);
    }
    for (byte[] arg : args) {
      call.add(arg);
    }
    return call;
  }

  private static Map<String, String> infoOf(Connection connection) {
    try (connection) {
      return readInfo(connection);
    }
  }

  private static Map<String, String> readInfo(Connection connection) {
    Object raw = connection.executeCommand(Command.INFO);
    Map<String, String> values = new HashMap<>();
    new String((byte[]) raw, UTF_8)
        .lines()
        .forEach(line -> {
          int colon = line.indexOf(':');
          if (colon > 0) {
            values.put(line.substring(0, colon), line.substring(colon + 1));
          }
        });
    return values;
  }

  private static String who(RedisUri address) {
    return "Redis at " + address.shown();
  }

  private static Set<HostAndPort> hosts(RedisUri address) {
    return address.servers().nodes().stream()
        .map(node -> new HostAndPort(node.host(), node.port()))
        .collect(Collectors.toSet());
  }

  private static GenericObjectPoolConfig<Connection> pool() {
    GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
    pool.setMaxTotal(64);
    pool.setMaxIdle(16);
    pool.setJmxEnabled(false); // its registration costs more than the first call
    return pool;
  }

  private static JedisClientConfig config(RedisUri address, Options options) {
    int timeout = Math.clamp(options.callTimeout().toMillis(), 1, 3_600_000);
    return withTls(address, options)
        .connectionTimeoutMillis(Math.min(timeout, 3_000))
        .socketTimeoutMillis(timeout)
        .blockingSocketTimeoutMillis(Math.max(timeout, 11_000)) // blocked for eight seconds at most
        .clientName(options.clientName())
        .database(address.database())
        .credentialsProvider(() -> credentials(options.login().get()))
        .build();
  }

  private static JedisClientConfig sentinelConfig(
      RedisUri address, Options options, Supplier<Login> login) {
    return withTls(address, options)
        .timeoutMillis(2_000)
        .credentialsProvider(() -> credentials(login.get()))
        .build();
  }

  // SslOptions takes key stores from files only; a socket factory is what a PEM file becomes.
  @SuppressWarnings("deprecation")
  private static DefaultJedisClientConfig.Builder withTls(RedisUri address, Options options) {
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder()
            .resp2()
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
            .hostAndPortMapper(named -> {
              Node node = options.addresses().apply(new Node(named.getHost(), named.getPort()));
              return new HostAndPort(node.host(), node.port());
            })
            .ssl(address.tls());
    if (address.tls() && options.tls() != null) {
      config.sslSocketFactory(options.tls());
    }
    return config;
  }

  private static DefaultRedisCredentials credentials(Login login) {
    return new DefaultRedisCredentials(login.user(), login.password());
  }

  private static void closeQuietly(ConnectionProvider provider) {
    try {
      provider.close();
    } catch (Exception alreadyBroken) {
      // Nothing can be done about a connection that does not close, and nothing depends on it.
    }
  }
}
