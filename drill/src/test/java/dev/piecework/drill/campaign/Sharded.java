package dev.piecework.drill.campaign;

import static org.awaitility.Awaitility.await;

import dev.piecework.drill.Fault;
import dev.piecework.drill.FaultContext;
import dev.piecework.drill.FreezeWorker;
import dev.piecework.drill.KillProducer;
import dev.piecework.drill.KillWorker;
import dev.piecework.drill.Place;
import dev.piecework.testkit.TestCluster;
import dev.piecework.testkit.TestRedis;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.MigrateParams;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * A Cluster of three masters with a replica each; faults go to those that have the queue's slot.
 */
final class Sharded implements TestEnvironment {

  /** How far behind a replica on a busy machine may be. */
  private static final Duration LAG = Duration.ofSeconds(4);

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final int CALL_MILLIS = 180_000;

  private final TestCluster cluster = TestCluster.ofSix();
  private final int slot;

  /** For the queue of this name. */
  Sharded(String queue) {
    slot = JedisClusterCRC16.getSlot(queue);
  }

  @Override
  public String name() {
    return "cluster";
  }

  @Override
  public Place place(String who) {
    return Place.at(cluster.uri());
  }

  @Override
  public double paceMillis() {
    return 1_500; // half of them kill a process, and are not what this is for
  }

  @Override
  public List<Fault> faults() {
    return List.of(
        new KillWorker(),
        new FreezeWorker(),
        new KillProducer(),
        killedMaster(),
        new NamedFault("Cluster: slot moved", s -> isHealthy(), this::moveSlot));
  }

  @Override
  public List<Fault> deaths() {
    return List.of(new KillWorker(), killedMaster());
  }

  private Fault killedMaster() {
    return new NamedFault("Cluster: master killed", s -> isHealthy(), this::killMaster);
  }

  private boolean isHealthy() {
    for (TestRedis node : cluster.nodes()) {
      try (Jedis jedis = new Jedis(URI.create(node.uri()))) {
        String replication = jedis.info("replication");
        boolean well =
            jedis.clusterInfo().contains("cluster_state:ok")
                && (replication.contains("role:master")
                    ? !replication.contains("connected_slaves:0")
                    : replication.contains("master_link_status:up"));
        if (!well) {
          return false;
        }
      } catch (JedisException away) {
        return false;
      }
    }
    return true;
  }

  private void killMaster(FaultContext context) throws Exception {
    TestRedis old = owner();
    context.injected("master");
    Runnable over = context.mayUndo(LAG);
    cluster.killMaster(old);
    await("a replica takes over slot " + slot)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> ownerOfSlot().filter(owner -> owner != old).isPresent());
    context.recovers("Cluster: master killed");
    old.restart();
    context.later(
        Duration.ZERO,
        () -> {
          await("all masters have their replicas again")
              .atMost(Duration.ofMinutes(2))
              .pollInterval(Duration.ofMillis(100))
              .until(this::isHealthy);
          over.run();
        });
  }

  private void moveSlot(FaultContext context) throws Exception {
    TestRedis from = owner();
    List<TestRedis> others = new ArrayList<>();
    for (TestRedis node : cluster.nodes()) {
      if (node != from && isMaster(node)) {
        others.add(node);
      }
    }
    TestRedis to = others.get(context.random().nextInt(others.size()));
    context.injected("slot " + slot);
    try (Jedis source = new Jedis(URI.create(from.uri()), CALL_MILLIS);
        Jedis target = new Jedis(URI.create(to.uri()), CALL_MILLIS)) {
      target.clusterSetSlotImporting(slot, source.clusterMyId());
      source.clusterSetSlotMigrating(slot, target.clusterMyId());
      List<String> keys = source.clusterGetKeysInSlot(slot, 100);
      while (!keys.isEmpty()) {
        source.migrate(
            "127.0.0.1", to.port(), 20_000, new MigrateParams(), keys.toArray(String[]::new));
        keys = source.clusterGetKeysInSlot(slot, 100);
      }
      String id = target.clusterMyId();
      target.clusterSetSlotNode(slot, id);
      source.clusterSetSlotNode(slot, id);
      // A master that dies before its replica has what was moved to it loses whole keys, and not
      // the last second of all of them: of that nothing is promised (docs/failure.md).
      target.set("{" + Campaign.QUEUE + "}:moved", "");
      target.del("{" + Campaign.QUEUE + "}:moved");
      if (target.waitReplicas(1, LIMIT.toMillis()) < 1) {
        throw new IllegalStateException("the replica did not follow the move of slot " + slot);
      }
    }
    context.recovers("Cluster: slot moved");
  }

  private TestRedis owner() {
    return await("somebody has slot " + slot)
        .atMost(LIMIT)
        .until(this::ownerOfSlot, Optional::isPresent)
        .orElseThrow();
  }

  private Optional<TestRedis> ownerOfSlot() {
    for (TestRedis node : cluster.nodes()) {
      try (Jedis jedis = new Jedis(URI.create(node.uri()))) {
        jedis.sendCommand(Protocol.Command.EXISTS, "{" + nameInSlot() + "}");
        if (isMaster(node)) {
          return Optional.of(node);
        }
      } catch (JedisException elsewhere) {
        // moved, or not there
      }
    }
    return Optional.empty();
  }

  private String nameInSlot() {
    return Campaign.QUEUE;
  }

  private static boolean isMaster(TestRedis node) {
    try (Jedis jedis = new Jedis(URI.create(node.uri()))) {
      return jedis.info("replication").contains("role:master");
    } catch (JedisException away) {
      return false;
    }
  }

  @Override
  public List<String> leftovers() {
    return List.of();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
