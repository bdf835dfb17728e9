package dev.piecework;

import dev.piecework.embedded.PrivateRedis;
import dev.piecework.testkit.OldestRedis;
import dev.piecework.testkit.SentinelTrio;
import dev.piecework.testkit.TestCluster;
import dev.piecework.testkit.TestRedis;
import dev.piecework.testkit.TestServer;
import dev.piecework.testkit.TlsRedis;
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
    ServedPlace.Started start() {
      PrivateRedis server = TestServer.builder().start();
      return new ServedPlace.Started(server.uri(), server);
    }
  },
  OLDEST_6_2 {
    @Override
    ServedPlace.Started start() {
      PrivateRedis server =
          PrivateRedis.builder().binary(OldestRedis.binary()).password("p@ss:w/rd").start();
      return new ServedPlace.Started(server.uri().replace("p@ss:w/rd", "p%40ss%3Aw%2Frd"), server);
    }
  },
  SENTINEL {
    @Override
    ServedPlace.Started start() {
      SentinelTrio trio = SentinelTrio.started();
      withoutFile(trio.master());
      return new ServedPlace.Started(trio.uri(), trio);
    }
  },
  CLUSTER {
    @Override
    ServedPlace.Started start() {
      TestCluster cluster = TestCluster.ofThree();
      cluster.nodes().forEach(Place::withoutFile);
      // One only: the Cluster is found from it.
      return new ServedPlace.Started(cluster.nodes().getLast().uri(), cluster);
    }
  },
  TLS_WITH_ACL {
    @Override
    @SuppressWarnings("deprecation") // SslOptions takes key stores from files only
    ServedPlace.Started start() {
      TlsRedis server = TlsRedis.askingForCertificates("admin");
      TlsFiles tls = new TlsFiles(server.caFile(), server.clientCertificate(), server.clientKey());
      try (Jedis admin =
          new Jedis(
              new HostAndPort("127.0.0.1", server.port()),
              DefaultJedisClientConfig.builder()
                  .timeoutMillis(60_000)
                  .password("admin")
                  .ssl(true)
                  .sslSocketFactory(server.sslContext().getSocketFactory())
                  .build())) {
        admin.aclSetUser("worker", RULES.split(" ", -1));
      }
      return new ServedPlace.Started(
          "rediss://worker:w0rk@127.0.0.1:" + server.port(), tls, server);
    }
  };

  /** What the product says that it needs; KEYS, MEMORY, SET and SETEX are for these tests. */
  static final String RULES =
      "reset on >w0rk +keys +memory +set +setex "
          + String.join(" ", AclRules.forQueue("job-*", false));

  private final ServedPlace here = new ServedPlace(this, null);

  abstract ServedPlace.Started start();

  /** On the server that is found here. */
  final ServedPlace here() {
    return here;
  }

  /** The same queue on the server that is found here. */
  final QueueConfig config(QueueConfig config) {
    return here.config(config);
  }

  final String uri() {
    return here.uri();
  }

  // A fill waits a second or so for the file to be on disk; DurabilityTest is about that.
  private static void withoutFile(TestRedis server) {
    try (Jedis jedis = Bench.admin(server.port())) {
      jedis.configSet("appendonly", "no");
    }
  }
}
