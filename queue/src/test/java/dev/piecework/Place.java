package dev.piecework;

import dev.piecework.embedded.PrivateRedis;
import dev.piecework.testkit.OldestRedis;
import dev.piecework.testkit.SentinelTrio;
import dev.piecework.testkit.TestCluster;
import dev.piecework.testkit.TestRedis;
import dev.piecework.testkit.TlsRedis;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/**
 * The ways in which a Redis is set up that the contract is held on. Each is started once, when it
 * is first needed; its processes end with this one.
 */
@SuppressWarnings("ImmutableEnumChecker") // servers live as long as this process
enum Place {
  STANDALONE {
    @Override
    String start() {
      return keep(PrivateRedis.started()).uri();
    }
  },
  OLDEST_6_2 {
    @Override
    String start() {
      return keep(PrivateRedis.builder()
              .binary(OldestRedis.binary())
              .password("p@ss:w/rd")
              .start())
          .uri()
          .replace("p@ss:w/rd", "p%40ss%3Aw%2Frd");
    }
  },
  SENTINEL {
    @Override
    String start() {
      SentinelTrio trio = keep(SentinelTrio.started());
      withoutFile(trio.master());
      return trio.uri();
    }
  },
  CLUSTER {
    @Override
    String start() {
      TestCluster cluster = keep(TestCluster.ofThree());
      cluster.nodes().forEach(Place::withoutFile);
      return cluster.nodes().getLast().uri(); // one only: the Cluster is found from it
    }
  },
  TLS_WITH_ACL {
    @Override
    @SuppressWarnings("deprecation") // SslOptions takes key stores from files only
    String start() {
      TlsRedis server = keep(TlsRedis.askingForCertificates("admin"));
      tls = new TlsFiles(server.caFile(), server.clientCertificate(), server.clientKey());
      try (Jedis admin =
          new Jedis(
              new HostAndPort("127.0.0.1", server.port()),
              DefaultJedisClientConfig.builder()
                  .password("admin")
                  .ssl(true)
                  .sslSocketFactory(server.sslContext().getSocketFactory())
                  .build())) {
        admin.aclSetUser("worker", RULES.split(" ", -1));
      }
      return "rediss://worker:w0rk@127.0.0.1:" + server.port();
    }
  };

  /** What the product says that it needs; KEYS, MEMORY, SET and SETEX are for these tests. */
  static final String RULES =
      "reset on >w0rk +keys +memory +set +setex "
          + String.join(" ", AclRules.forQueue("job-*", false));

  private @Nullable Object kept;
  private @Nullable String uri;
  TlsFiles tls = TlsFiles.NONE;

  abstract String start();

  /** The same queue here. */
  final synchronized QueueConfig config(QueueConfig config) {
    QueueConfig.Access access = config.access();
    String here = uri();
    return new QueueConfig(
        here,
        config.name(),
        Bench.timeout(),
        Bench.SETTINGS,
        new QueueConfig.Access(null, tls, access.clientName(), access.clock(), access.notices()));
  }

  final synchronized String uri() {
    String known = uri;
    if (known == null) {
      known = start();
      uri = known;
    }
    return known;
  }

  // A fill waits a second or so for the file to be on disk; DurabilityTest is about that.
  private static void withoutFile(TestRedis server) {
    try (Jedis jedis = new Jedis("127.0.0.1", server.port())) {
      jedis.configSet("appendonly", "no");
    }
  }

  <T> T keep(T server) {
    kept = server;
    return server;
  }

  /** What was started, so that it is not collected. */
  List<?> kept() {
    return List.of(java.util.Objects.requireNonNull(kept));
  }
}
