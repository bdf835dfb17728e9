package dev.piecework.testkit;

import dev.piecework.embedded.PrivateRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** A master, a replica and the three Sentinels that watch them, on this machine. */
public final class SentinelTrio implements AutoCloseable {
  private static final String MASTER = "piecework-main";
  private static final long ASK_AGAIN = TimeUnit.SECONDS.toNanos(5);
  private static final Duration SOON = Duration.ofSeconds(1);

  /** So that on a busy machine there is no failover that nobody asked for. */
  private static final Duration NEVER = Duration.ofHours(1);

  private final Guard guard;
  private final List<TestRedis> servers = new ArrayList<>();
  private final List<PrivateRedis> sentinels = new ArrayList<>();

  private SentinelTrio(Guard guard) {
    this.guard = guard;
  }

  /**
   * What clients need; empty for nothing.
   *
   * @param password of the data servers
   * @param sentinelPassword of the Sentinels
   * @param tls a Redis of which all take certificate and key: then they speak TLS only
   */
  public record Guard(String password, String sentinelPassword, @Nullable TlsRedis tls) {
    /** Nothing. */
    public static final Guard NONE = new Guard("", "", null);
  }

  /** Starts them, without a password, and returns when all know each other: 3 s or so. */
  public static SentinelTrio started() {
    return started(Guard.NONE);
  }

  /** The same, where the data servers ask for this password, and the Sentinels do not. */
  public static SentinelTrio started(String password) {
    return started(new Guard(password, "", null));
  }

  /** The same, where that is needed. */
  public static SentinelTrio started(Guard guard) {
    SentinelTrio trio = new SentinelTrio(guard);
    try {
      trio.start();
      return trio;
    } catch (RuntimeException e) {
      trio.close();
      throw e;
    }
  }

  /** {@code redis-sentinel://[:password@]host:port,host:port,host:port/master}. */
  public String uri() {
    return (guard.tls() == null ? "redis-sentinel://" : "rediss-sentinel://")
        + PrivateRedis.credentials("", guard.password())
        + String.join(",", addresses())
        + "/"
        + MASTER;
  }

  /** HOST:PORT of each Sentinel. */
  public List<String> addresses() {
    return sentinels.stream().map(node -> "127.0.0.1:" + node.port()).toList();
  }

  /** Makes a user of the access control list of each Sentinel. */
  public void sentinelUser(String name, String password) {
    for (PrivateRedis node : sentinels) {
      try (Jedis sentinel = sentinel(node)) {
        sentinel.aclSetUser(name, "reset", "on", ">" + password, "+@all");
      }
    }
  }

  /** The server that the Sentinels hold to be the master now. */
  public TestRedis master() {
    int port = masterPort(sentinels.get(0));
    return servers.stream()
        .filter(server -> server.port() == port)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no server of ours on port " + port));
  }

  /** The other one. */
  public TestRedis replica() {
    TestRedis master = master();
    return servers.get(servers.get(0) == master ? 1 : 0);
  }

  /**
   * Asks for a failover, and returns when it was made and all Sentinels agree on the new master.
   */
  public void failover() {
    TestRedis next = replica();
    AtomicLong asked = new AtomicLong(System.nanoTime() - ASK_AGAIN);
    Await.until(
        "a Sentinel promoted the replica",
        () -> {
          if (masterPort(sentinels.get(0)) == next.port()) {
            return true;
          }
          // One that takes longer than its time-out is given up, and nobody tries again. Rarely
          // asked, for what is asked just when one is over is the way back.
          if (System.nanoTime() - asked.get() > ASK_AGAIN) {
            asked.set(System.nanoTime());
            try (Jedis sentinel = sentinel(sentinels.get(0))) {
              sentinel.sentinelFailover(MASTER);
            }
          }
          return false;
        });
    awaitAgreement();
  }

  /** SIGKILL to the master; returns when the Sentinels have noticed and promoted the replica. */
  public void killMaster() {
    TestRedis next = replica();
    noticeDeathAfter(SOON);
    master().kill();
    Await.until(
        "a Sentinel promoted the replica", () -> masterPort(sentinels.get(0)) == next.port());
    awaitAgreement();
    noticeDeathAfter(NEVER);
  }

  private void noticeDeathAfter(Duration silence) {
    for (PrivateRedis node : sentinels) {
      try (Jedis sentinel = sentinel(node)) {
        sentinel.sentinelSet(
            MASTER, Map.of("down-after-milliseconds", Long.toString(silence.toMillis())));
      }
    }
  }

  @Override
  public void close() {
    sentinels.forEach(PrivateRedis::close);
    servers.forEach(TestRedis::close);
  }

  private void start() {
    TestRedis master = TestRedis.startedAs(server());
    servers.add(master);
    servers.add(
        TestRedis.startedAs(
            server().config("replicaof", "127.0.0.1", Integer.toString(master.port()))));
    for (int i = 0; i < 3; i++) {
      sentinels.add(sentinelOf(master.port()).start());
    }
    for (PrivateRedis node : sentinels) {
      Await.until("the Sentinels know each other", () -> knowsAll(node));
    }
  }

  private PrivateRedis.Builder server() {
    PrivateRedis.Builder builder =
        withTls(TestRedis.withFile(TestRedis.ALWAYS).config("repl-ping-replica-period", "1"));
    return guard.password().isEmpty()
        ? builder
        : builder.password(guard.password()).config("masterauth", guard.password());
  }

  private PrivateRedis.Builder sentinelOf(int port) {
    PrivateRedis.Builder builder =
        withTls(
            TestServer.builder()
                .sentinel()
                .password(guard.sentinelPassword())
                .config("sentinel", "monitor", MASTER, "127.0.0.1", Integer.toString(port), "2")
                .config(
                    "sentinel", "down-after-milliseconds", MASTER, Long.toString(NEVER.toMillis()))
                .config("sentinel", "failover-timeout", MASTER, "3000"));
    return guard.password().isEmpty()
        ? builder
        : builder.config("sentinel", "auth-pass", MASTER, guard.password());
  }

  private PrivateRedis.Builder withTls(PrivateRedis.Builder builder) {
    TlsRedis tls = guard.tls();
    return tls == null
        ? builder
        : builder
            .config("tls-port", "yes")
            .config("tls-replication", "yes")
            .config("tls-cert-file", tls.caFile().toString())
            .config("tls-key-file", tls.keyFile().toString())
            .config("tls-ca-cert-file", tls.caFile().toString())
            .config("tls-auth-clients", "no");
  }

  private boolean knowsAll(PrivateRedis node) {
    try (Jedis sentinel = sentinel(node)) {
      Map<String, String> seen = sentinel.sentinelMaster(MASTER);
      return "2".equals(seen.get("num-other-sentinels"))
          && "1".equals(seen.get("num-slaves"))
          && "slave".equals(sentinel.sentinelReplicas(MASTER).get(0).get("flags"))
          && "ok".equals(sentinel.sentinelReplicas(MASTER).get(0).get("master-link-status"));
    }
  }

  private void awaitAgreement() {
    Await.until(
        "all Sentinels name one master, and it is one",
        () -> {
          TestRedis named = master();
          for (PrivateRedis node : sentinels) {
            if (masterPort(node) != named.port()) {
              return false;
            }
          }
          try (Jedis jedis = TestRedis.connect(named.uri())) {
            return jedis.role().get(0).equals("master");
          }
        });
  }

  private int masterPort(PrivateRedis node) {
    try (Jedis sentinel = sentinel(node)) {
      return Integer.parseInt(sentinel.sentinelGetMasterAddrByName(MASTER).get(1));
    }
  }

  @SuppressWarnings("deprecation") // SslOptions takes key stores from files only
  private Jedis sentinel(PrivateRedis node) {
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder().timeoutMillis(TestRedis.PATIENCE_MILLIS);
    if (!guard.sentinelPassword().isEmpty()) {
      config.password(guard.sentinelPassword());
    }
    if (guard.tls() != null) {
      config.ssl(true).sslSocketFactory(guard.tls().sslContext().getSocketFactory());
    }
    return new Jedis(new HostAndPort("127.0.0.1", node.port()), config.build());
  }
}
