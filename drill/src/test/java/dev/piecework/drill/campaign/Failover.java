package dev.piecework.drill.campaign;

import dev.piecework.drill.Fault;
import dev.piecework.drill.FreezeWorker;
import dev.piecework.drill.KillProducer;
import dev.piecework.drill.KillWorker;
import dev.piecework.drill.Place;
import dev.piecework.drill.Scene;
import dev.piecework.drill.check.Checker;
import dev.piecework.testkit.SentinelTrio;
import dev.piecework.testkit.TestRedis;
import java.net.URI;
import java.util.List;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A master and a replica that three Sentinels watch. */
final class Failover implements Theatre {

  private final SentinelTrio trio = SentinelTrio.started();

  @Override
  public String name() {
    return "sentinel";
  }

  @Override
  public Place place(String who) {
    return Place.at(trio.uri());
  }

  @Override
  public Checker checker() {
    return Checker.ofARedisThatMayGoBack();
  }

  @Override
  public List<Fault> faults() {
    return List.of(
        new KillWorker(),
        new FreezeWorker(),
        new KillProducer(),
        new NamedFault("Sentinel: master killed", s -> isCopied(), this::killMaster),
        new NamedFault("Sentinel: failover asked for", s -> isCopied(), this::failOver));
  }

  private boolean isCopied() {
    try (Jedis replica = new Jedis(URI.create(trio.replica().uri()))) {
      return replica.info("replication").contains("master_link_status:up");
    } catch (JedisException away) {
      return false;
    }
  }

  private void killMaster(Scene scene) {
    scene.strikes("master");
    TestRedis old = trio.master();
    trio.killMaster();
    scene.recovers("Sentinel: master killed");
    old.restart();
  }

  private void failOver(Scene scene) {
    scene.strikes("master");
    trio.failover();
    scene.recovers("Sentinel: failover asked for");
  }

  @Override
  public List<String> leftovers() {
    return List.of();
  }

  @Override
  public void close() {
    trio.close();
  }
}
