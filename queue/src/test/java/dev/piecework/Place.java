package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.embedded.PrivateRedis;
import dev.piecework.embedded.RedisBinary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol.Command;

/** The ways in which a Redis is set up that the contract is held on; each started once. */
enum Place {
  STANDALONE {
    @Override
    QueueConfig reach(QueueConfig config) {
      return to(config, one().uri());
    }

    private PrivateRedis one() {
      return server(PrivateRedis.builder());
    }
  },
  BUNDLED_6_2 {
    @Override
    QueueConfig reach(QueueConfig config) {
      return to(
          config, server(PrivateRedis.builder().binary(RedisBinary.bundled()).password("s")).uri());
    }
  },
  SENTINEL {
    @Override
    QueueConfig reach(QueueConfig config) {
      return to(config, text());
    }

    @Override
    String start() {
      PrivateRedis master = PrivateRedis.started();
      PrivateRedis sentinel =
          PrivateRedis.builder()
              .sentinel()
              .config("sentinel", "monitor", "m", "127.0.0.1", "" + master.port(), "1")
              .start();
      return "redis-sentinel://127.0.0.1:" + sentinel.port() + "/m";
    }
  },
  CLUSTER {
    @Override
    QueueConfig reach(QueueConfig config) {
      return to(config, text()); // one node only: the Cluster is found from it
    }

    @Override
    String start() {
      List<PrivateRedis> nodes =
          Stream.generate(() -> PrivateRedis.builder().config("cluster-enabled", "yes").start())
              .limit(3)
              .toList();
      for (int i = 0; i < nodes.size(); i++) {
        int from = i * 5462;
        try (Jedis node = jedis(nodes.get(i))) {
          node.clusterAddSlots(IntStream.range(from, Math.min(from + 5462, 16384)).toArray());
          node.sendCommand(Command.CLUSTER, "MEET", "127.0.0.1", "" + nodes.getFirst().port());
        }
      }
      for (PrivateRedis one : nodes) {
        try (Jedis node = jedis(one)) {
          Awaitility.await()
              .until(() -> {
                String info = node.clusterInfo();
                return info.contains("cluster_state:ok") && info.contains("known_nodes:3");
              });
        }
      }
      return nodes.getLast().uri();
    }
  },
  TLS_WITH_ACL {
    @Override
    QueueConfig reach(QueueConfig config) {
      QueueConfig there = to(config, text());
      QueueConfig.Access access = there.access();
      return there.withAccess(
          new QueueConfig.Access(
              null,
              Path.of(tlsFolder + "/cert.pem"),
              access.clientName(),
              access.clock(),
              access.notices()));
    }

    @Override
    String start() {
      try {
        Path folder = Files.createTempDirectory("piecework-tls-");
        folder.toFile().deleteOnExit();
        tlsFolder = folder.toString();
        String key = folder.resolve("key.pem").toString();
        String cert = folder.resolve("cert.pem").toString();
        Process openssl =
            new ProcessBuilder(
                    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
                        .concat(" -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1")
                        .concat(" -keyout " + key + " -out " + cert)
                        .split(" ", -1))
                .redirectErrorStream(true)
                .start();
        String said = new String(openssl.getInputStream().readAllBytes(), UTF_8);
        if (openssl.waitFor() != 0) {
          throw new IllegalStateException(said);
        }
        PrivateRedis server =
            PrivateRedis.builder()
                .config("tls-port", "0")
                .config("tls-cert-file", cert)
                .config("tls-key-file", key)
                .config("tls-ca-cert-file", cert)
                .config("tls-auth-clients", "no")
                .config(
                    "user",
                    ("worker on >w0rk ~job* ~{job* ~piecework:queues resetchannels -@all"
                            + " +@read +@write +@scripting +@connection +@transaction +info +time"
                            + " +wait -@dangerous +info +keys")
                        .split(" ", -1))
                .start();
        return "rediss://worker:w0rk@127.0.0.1:" + server.port();
      } catch (IOException | InterruptedException failed) {
        throw new IllegalStateException(failed);
      }
    }
  };

  private static String tlsFolder = "";

  private @Nullable PrivateRedis server;
  private @Nullable String text;

  abstract QueueConfig reach(QueueConfig config);

  /** The same queue here. */
  final synchronized QueueConfig config(QueueConfig config) {
    return reach(config).withSettings(Bench.SETTINGS).withRedisTimeout(Bench.timeout());
  }

  /** Starts what is not just one server; its URI. */
  String start() {
    throw new UncheckedIOException(new IOException("not for " + this));
  }

  String text() {
    String known = text;
    if (known == null) {
      known = start();
      text = known;
    }
    return known;
  }

  PrivateRedis server(PrivateRedis.Builder builder) {
    PrivateRedis known = server;
    if (known == null) {
      known = builder.start();
      server = known;
    }
    return known;
  }

  private static QueueConfig to(QueueConfig config, String uri) {
    return new QueueConfig(
        uri, config.name(), config.redisTimeout(), config.settings(), config.access());
  }

  private static Jedis jedis(PrivateRedis server) {
    return new Jedis("127.0.0.1", server.port());
  }
}
