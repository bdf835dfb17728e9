package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.embedded.PrivateRedis;
import dev.piecework.journal.Journal;
import dev.piecework.testkit.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol.Command;

/** What the library does beyond the contract's tests, for {@link AclTest}. */
final class AclChecks {

  /** How long to wait for what comes by itself; shorter where it is not expected to come. */
  static volatile Duration patience = Duration.ofMinutes(1);

  private AclChecks() {}

  static void addTo(Map<String, AclTest.Check> checks, TestRedis server) {
    checks.put("adopt", AclChecks::adopt);
    checks.put("leave early", AclChecks::leaveEarly);
    checks.put("history", AclChecks::history);
    checks.put("wake", bench -> wake(bench, server));
    checks.put("reclaim", AclChecks::reclaim);
    checks.put("heartbeat", AclChecks::heartbeat);
    checks.put("journal", AclChecks::journal);
    checks.put("Redis's time", AclChecks::redisTime);
    checks.put("client's name", bench -> clientName(bench, server));
    checks.put("full Redis", bench -> fullRedis(bench, server));
    checks.put("replica", bench -> replica(bench, server));
  }

  private static void adopt(Bench bench) {
    WorkQueue queue = bench.open();
    queue.fill(Bench.items("a", "b"));
    bench.cli(Command.RPOPLPUSH, bench.name, bench.name + ":processing");
    assertThat(queue.admin().adopt()).isEqualTo(1);
    assertThat(queue.admin().status().counts().waiting()).isEqualTo(2);
    assertThat(queue.admin().names()).contains(bench.name);
    queue.admin().purge();
    assertThat(bench.keys()).doesNotContain("state");
  }

  private static void leaveEarly(Bench bench) {
    WorkQueue queue = bench.open();
    queue.fill(Bench.items("a"));
    Session busy = Bench.session(queue);
    busy.lease(1);
    Session idle = Bench.session(bench.open());
    idle.leaving();
    assertThat(Bench.session(bench.open()).leaveEarly()).isFalse();
    idle.close();
    assertThat(Bench.session(bench.open()).leaveEarly()).isTrue();
  }

  private static void history(Bench bench) {
    WorkQueue queue = bench.with(Bench.SETTINGS.withKeep(Keep.HISTORY).withAttempts(1));
    queue.fill(Bench.items("a"));
    queue.lease(Duration.ZERO).orElseThrow().retry("no", Duration.ZERO);
    assertThat(queue.isDrained()).isTrue();
    assertThat(queue.admin().items(ItemState.DEAD).toList().getFirst().history()).isNotEmpty();
    assertThat(queue.admin().requeue(new DeadItems.All())).isEqualTo(1);
  }

  private static void wake(Bench bench, TestRedis server) {
    WorkQueue queue = bench.open();
    queue.fill(Bench.items("a"));
    queue.lease(Duration.ZERO).orElseThrow().complete();
    try (Producer producer = bench.open().produce(FillOptions.as("later"))) {
      WorkQueue second = bench.open();
      Session session = Bench.session(second);
      session.lease(1);
      Runnable push =
          () -> {
            awaitBlmove(server);
            bench.rpush("b");
          };
      long tooLate = patience.toMillis() + 1_000;
      assertThat(millisToWake(session, push)).isLessThan(tooLate);
      session.step(Bench.complete(session.lease(1).leases()), 1);
      assertThat(millisToWake(session, second.admin()::resume)).isLessThan(tooLate);
      producer.finish();
    }
  }

  // It waits in Redis by now, or was refused: a push that came before either would show nothing.
  private static void awaitBlmove(TestRedis server) {
    try (Jedis admin = server.jedis()) {
      await()
          .atMost(patience)
          .until(() ->
              admin.clientList().contains("cmd=blmove") // others may be blocked in another call
                  || admin.info("commandstats").contains("cmdstat_blmove"));
    }
  }

  private static long millisToWake(Session session, Runnable by) {
    long begun = System.nanoTime();
    Thread waker = Thread.ofPlatform().start(by);
    try {
      session.awaitChange(patience.plusSeconds(2));
      waker.join();
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
    return (System.nanoTime() - begun) / 1_000_000;
  }

  private static void reclaim(Bench bench) {
    WorkQueue queue = bench.open();
    queue.fill(Bench.items("a"));
    Bench.session(queue).lease(1);
    Session other = Bench.session(bench.open());
    bench.expireExcept(other);
    assertThat(queue.admin().status().counts().waiting()).isEqualTo(1);
  }

  private static void heartbeat(Bench bench) {
    WorkQueue queue = bench.with(Bench.SETTINGS.withLeaseTimeout(Duration.ofMillis(90)));
    queue.fill(Stream.of(Item.of("one")));
    Session session = Bench.session(queue);
    session.reportBy(
        new Session.Reporter() {
          @Override
          public QueueStatus.OldestItem oldest() {
            return new QueueStatus.OldestItem("1", 1, Duration.ZERO, false);
          }

          @Override
          public Session.SlotTimes slots() {
            Duration second = Duration.ofSeconds(1);
            return new Session.SlotTimes(second, second, Duration.ZERO, Duration.ZERO);
          }
        });
    await().atMost(patience).until(() -> !queue.admin().journal().slotTime().total().isZero());
  }

  private static void journal(Bench bench) {
    WorkQueue queue = bench.open();
    queue.fill(Bench.numbers(2_400));
    for (int worker = 0; worker < 6; worker++) {
      try (Session session = Bench.session(queue)) {
        session.step(Bench.complete(session.lease(400).leases()), 0);
      }
    }
    Journal journal = queue.admin().journal();
    assertThat(journal.attempts()).isEqualTo(2_400);
    assertThat(journal.sample()).hasSize(2_000);
    assertThat(journal.slowest()).hasSize(100);
    queue.fill(Bench.items("bad"));
    try (Session session = Bench.session(bench.open())) {
      session.lease(1).leases().getFirst().bury("bad");
    }
    String group = bench.open().admin().journal().groups().getFirst().id();
    assertThat(bench.open().admin().items(new DeadItems.InGroup(group))).hasSize(1);
  }

  private static void redisTime(Bench bench) {
    QueueConfig config = bench.config();
    QueueConfig.Access access = config.access();
    try (WorkQueue queue =
        bench.open(c ->
            c.withAccess(
                new QueueConfig.Access(
                    null, access.tls(), access.clientName(), null, access.notices())))) {
      queue.fill(Bench.items("a"));
      queue.lease(Duration.ZERO).orElseThrow().retry("no", Duration.ofMinutes(1));
      assertThat(queue.admin().items(ItemState.DELAYED).toList()).hasSize(1);
    }
  }

  private static void clientName(Bench bench, TestRedis server) {
    bench.open();
    try (Jedis admin = Bench.admin(server.port())) {
      assertThat(admin.clientList().lines().filter(c -> c.contains("user=worker")))
          .isNotEmpty()
          .allMatch(client -> client.contains("name=piecework "));
    }
  }

  private static void fullRedis(Bench bench, TestRedis server) {
    WorkQueue queue = bench.with(Bench.SETTINGS.withKeep(Keep.RESULTS));
    queue.fill(Bench.items("a"));
    Lease lease = queue.lease(Duration.ZERO).orElseThrow();
    try (Jedis admin = Bench.admin(server.port())) {
      admin.configSet("maxmemory", "1");
      try {
        lease.complete();
      } finally {
        admin.configSet("maxmemory", "0");
      }
    }
    assertThat(queue.isDrained()).isTrue();
  }

  private static void replica(Bench bench, TestRedis server) {
    String port = Integer.toString(server.port());
    try (PrivateRedis copy = PrivateRedis.builder().config("replicaof", "127.0.0.1", port).start();
        Jedis admin = Bench.admin(server.port())) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> admin.info("replication").contains("state=online"));
      // A fill waits 2 s for replicas.
      await()
          .atMost(patience)
          .untilAsserted(() ->
              assertThat(bench.open().fill(Bench.items("a")).toString())
                  .contains("on 1 of 1 replicas"));
      assertThat(List.of(copy.port())).isNotEmpty();
    }
  }
}
