package dev.piecework.drill.campaign;

import static org.awaitility.Awaitility.await;

import dev.piecework.drill.Fault;
import dev.piecework.drill.FaultContext;
import dev.piecework.drill.FreezeWorker;
import dev.piecework.drill.KillProducer;
import dev.piecework.drill.KillWorker;
import dev.piecework.drill.Place;
import dev.piecework.testkit.SentinelTrio;
import dev.piecework.testkit.TestRedis;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A master and a replica that three Sentinels watch. */
final class Failover implements TestEnvironment {

  /** How far behind a replica on a busy machine may be. */
  private static final Duration LAG = Duration.ofSeconds(4);

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
  public double paceMillis() {
    return 1_200; // half of them kill a process, and are not what this is for
  }

  @Override
  public List<Fault> faults() {
    return List.of(
        new KillWorker(),
        new FreezeWorker(),
        new KillProducer(),
        killedMaster(),
        new NamedFault("Sentinel: failover asked for", s -> isCopied(), this::failOver));
  }

  @Override
  public List<Fault> deaths() {
    return List.of(new KillWorker(), killedMaster());
  }

  private Fault killedMaster() {
    return new NamedFault("Sentinel: master killed", s -> isCopied(), this::killMaster);
  }

  private boolean isCopied() {
    try (Jedis replica = new Jedis(URI.create(trio.replica().uri()))) {
      return replica.info("replication").contains("master_link_status:up");
    } catch (JedisException away) {
      return false;
    }
  }

  private void killMaster(FaultContext context) {
    context.injected("master");
    TestRedis old = trio.master();
    Runnable over = context.mayUndo(LAG);
    trio.killMaster();
    context.recovers("Sentinel: master killed");
    old.restart();
    whenCopied(context, over);
  }

  private void failOver(FaultContext context) {
    context.injected("master");
    Runnable over = context.mayUndo(LAG);
    trio.failover();
    context.recovers("Sentinel: failover asked for");
    whenCopied(context, over);
  }

  // Until then the old master may still take itself for one, and forgets what it is told.
  private void whenCopied(FaultContext context, Runnable over) {
    context.later(
        Duration.ZERO,
        () -> {
          await("the old master follows the new one")
              .atMost(Duration.ofMinutes(2))
              .pollInterval(Duration.ofMillis(100))
              .until(this::isCopied);
          over.run();
        });
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
