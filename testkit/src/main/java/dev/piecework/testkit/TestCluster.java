package dev.piecework.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.util.JedisClusterCRC16;

/** A Redis Cluster of three masters, with replicas if wanted, on this machine. */
public final class TestCluster implements AutoCloseable {
  private static final int MASTERS = 3;
  private static final int SLOTS = 16_384;

  private static final Duration SOON = Duration.ofSeconds(2);

  /** So that on a busy machine there is no failover that nobody asked for. */
  private static final Duration NEVER = Duration.ofHours(1);

  private final List<TestRedis> nodes = new ArrayList<>();

  private TestCluster() {}

  /** Three masters; returns when all slots are served: 1 s or so. */
  public static TestCluster ofThree() {
    return started(0);
  }

  /** Three masters with a replica each; returns when all slots are served and copied. */
  public static TestCluster ofSix() {
    return started(1);
  }

  private static TestCluster started(int replicas) {
    TestCluster cluster = new TestCluster();
    try {
      cluster.start(replicas);
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** A comma list of {@code redis://127.0.0.1:port}, the masters first. */
  public String uri() {
    return nodes.stream().map(TestRedis::uri).collect(Collectors.joining(","));
  }

  /** All nodes: the three masters, then their replicas in the same order. */
  public List<TestRedis> nodes() {
    return List.copyOf(nodes);
  }

  /** The node that was given this key's slot at the start. */
  public TestRedis masterOf(String key) {
    return nodes.get(JedisClusterCRC16.getSlot(key) * MASTERS / SLOTS);
  }

  @Override
  public void close() {
    nodes.forEach(TestRedis::close);
  }

  private void start(int replicas) {
    for (int i = 0; i < MASTERS * (1 + replicas); i++) {
      nodes.add(
          TestRedis.startedAs(
              TestServer.builder()
                  .appendOnly(true)
                  .config("appendfsync", TestRedis.ALWAYS)
                  .config("cluster-enabled", "yes")
                  .config("cluster-node-timeout", Long.toString(SOON.toMillis()))));
    }
    for (int i = 0; i < nodes.size(); i++) {
      // Each its own epoch, lest they fight over it at first.
      cluster(nodes.get(i), "SET-CONFIG-EPOCH", Integer.toString(i + 1));
      if (i < MASTERS) {
        giveSlots(nodes.get(i), i);
      }
      if (i > 0) {
        cluster(nodes.get(0), "MEET", "127.0.0.1", Integer.toString(nodes.get(i).port()));
      }
    }
    nodes.forEach(node -> awaitInfo(node, "cluster_known_nodes:" + nodes.size()));
    for (int i = MASTERS; i < nodes.size(); i++) {
      String master = (String) cluster(nodes.get(i % MASTERS), "MYID");
      TestRedis replica = nodes.get(i);
      Await.until("a replica follows", () -> "OK".equals(cluster(replica, "REPLICATE", master)));
    }
    nodes.forEach(node -> awaitInfo(node, "cluster_state:ok"));
    nodes.subList(MASTERS, nodes.size()).forEach(TestCluster::awaitCopied);
    noticeDeathAfter(NEVER);
  }

  private void noticeDeathAfter(Duration silence) {
    for (TestRedis node : nodes) {
      if (node.isRunning()) {
        try (Jedis jedis = TestRedis.connect(node.uri())) {
          jedis.configSet("cluster-node-timeout", Long.toString(silence.toMillis()));
          jedis.configRewrite(); // for its next start
        }
      }
    }
  }

  /** SIGKILL to a master; returns when its replica has taken over. */
  public void killMaster(TestRedis master) {
    TestRedis replica = nodes.get((nodes.indexOf(master) + MASTERS) % nodes.size());
    noticeDeathAfter(SOON);
    master.kill();
    Await.until(
        "a replica takes over",
        () -> {
          try (Jedis jedis = TestRedis.connect(replica.uri())) {
            return jedis.info("replication").contains("role:master");
          }
        });
    noticeDeathAfter(NEVER);
  }

  private static void giveSlots(TestRedis node, int index) {
    int from = (SLOTS * index + MASTERS - 1) / MASTERS;
    int to = (SLOTS * (index + 1) + MASTERS - 1) / MASTERS;
    List<String> words = new ArrayList<>(List.of("ADDSLOTS")); // a range is understood since 7.0
    IntStream.range(from, to).mapToObj(Integer::toString).forEach(words::add);
    cluster(node, words.toArray(String[]::new));
  }

  private static Object cluster(TestRedis node, String... words) {
    try (Jedis jedis = TestRedis.connect(node.uri())) {
      Object reply = jedis.sendCommand(Protocol.Command.CLUSTER, words);
      return reply instanceof byte[] bytes
          ? new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
          : reply;
    }
  }

  private static void awaitInfo(TestRedis node, String line) {
    Await.until(
        "a node of the cluster says " + line,
        () -> ((String) cluster(node, "INFO")).lines().anyMatch(line::equals));
  }

  private static void awaitCopied(TestRedis replica) {
    Await.until(
        "a replica has its master's data",
        () -> {
          try (Jedis jedis = TestRedis.connect(replica.uri())) {
            return jedis.info("replication").contains("master_link_status:up");
          }
        });
  }

  /**
   * Waits until each replica has what its master has now: what a failover after it cannot undo. For
   * a cluster that has not failed over yet.
   */
  public void awaitCopies() {
    for (int i = MASTERS; i < nodes.size(); i++) {
      TestRedis replica = nodes.get(i);
      long offset = replication(nodes.get(i % MASTERS), "master_repl_offset");
      Await.until(
          "a replica has what its master has",
          () -> replication(replica, "slave_repl_offset") >= offset);
    }
  }

  private static long replication(TestRedis node, String field) {
    try (Jedis jedis = TestRedis.connect(node.uri())) {
      return jedis
          .info("replication")
          .lines()
          .filter(line -> line.startsWith(field + ":"))
          .mapToLong(line -> Long.parseLong(line.substring(field.length() + 1).strip()))
          .findFirst()
          .orElse(-1);
    }
  }
}
