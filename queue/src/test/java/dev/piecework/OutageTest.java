package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.QueueStatus.ProducerState;
import dev.piecework.embedded.PrivateRedis;
import dev.piecework.testkit.OutageProxy;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.SentinelTrio;
import dev.piecework.testkit.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Redis dies and comes back, the network breaks, nobody is there. */
@Tag("slow")
class OutageTest {

  @Test
  @RedisPerTest(own = true, appendfsync = "always")
  void redisKilledInTheMiddleOfStepsLosesNothingAndCommitsNothingTwice(TestRedis redis)
      throws Exception {
    try (Bench bench = new Bench(redis.uri())) {
      bench.with(Bench.SETTINGS.withKeep(Keep.RESULTS)).fill(Bench.numbers(2_000));
      AtomicInteger done = new AtomicInteger();
      List<CompletableFuture<Void>> workers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Session session = Bench.session(bench.open());
        workers.add(CompletableFuture.runAsync(() -> drain(session, done)));
      }
      for (int kill = 1; kill <= 3; kill++) {
        int enough = kill * 450;
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> done.get() > enough);
        redis.restart();
      }
      workers.forEach(CompletableFuture::join);
      WorkQueue queue = bench.open();
      assertThat(queue.isDrained()).isTrue();
      assertThat(queue.results().map(Result::id)).doesNotHaveDuplicates().hasSize(2_000);
      assertThat(queue.admin().status().counts())
          .isEqualTo(new QueueStatus.Counts(0, 0, 0, 2_000, 0, 0));
    }
  }

  private static void drain(Session session, AtomicInteger done) {
    List<Settlement> settlements = List.of();
    while (true) {
      LeaseBatch batch = session.step(settlements, 3);
      assertThat(batch.refused()).isEmpty();
      done.addAndGet(settlements.size());
      if (batch.leases().isEmpty() && !(batch.state() instanceof QueueState.Ready)) {
        if (batch.state() instanceof QueueState.Drained) {
          return;
        }
        LockSupport.parkNanos(1_000_000);
      }
      settlements = Bench.complete(batch.leases());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  @RedisPerTest
  void aReplyLostInTheMiddleOfAStep(int nth, TestRedis redis) throws Exception {
    try (OutageProxy network = OutageProxy.to(redis);
        Bench bench = new Bench(network.uri())) {
      WorkQueue queue = bench.with(Bench.SETTINGS.withKeep(Keep.RESULTS));
      queue.fill(Bench.numbers(30));
      Session session = Bench.session(queue);
      TreeSet<String> handled = new TreeSet<>();
      LeaseBatch batch = session.lease(3);
      network.cutInReply(nth);
      while (!batch.leases().isEmpty()) {
        List<Settlement> settlements = new ArrayList<>();
        for (Lease lease : batch.leases()) {
          boolean again = !handled.add(lease.id());
          // Each kind of settlement may lose its reply; an item comes again only after a release or
          // so.
          settlements.add(
              switch (Integer.parseInt(lease.id()) % 4) {
                case 0 -> again ? Settlement.complete(lease) : new Settlement.Release(lease);
                case 1 -> new Settlement.Bury(lease, "x");
                default -> Settlement.complete(lease, lease.payload());
              });
        }
        batch = session.step(settlements, 3);
        assertThat(batch.refused()).isEmpty();
      }
      assertThat(handled).hasSize(30);
      QueueStatus.Counts counts = queue.admin().status().counts();
      assertThat(counts).isEqualTo(new QueueStatus.Counts(0, 0, 0, 22, 8, 0));
      assertThat(queue.results().map(Result::id)).hasSize(22).doesNotHaveDuplicates();
      assertThat(session.holds()).isZero();
    }
  }

  @Test
  @RedisPerTest
  void whatAStepThatGaveUpHadLeasedIsFoundByTheNext(TestRedis redis) throws Exception {
    try (OutageProxy network = OutageProxy.to(redis);
        Bench bench = new Bench(network.uri())) {
      WorkQueue queue = bench.open(c -> c.withRedisTimeout(Duration.ZERO));
      bench.open().fill(Bench.numbers(40));
      Session session = Bench.session(queue);
      List<Lease> held = session.lease(1).leases();
      int number = 1;
      for (boolean cut = false; !cut; ) {
        network.cutInReply(1);
        try {
          // The heartbeat's look for expired sessions may have taken the cut: then once more.
          held = session.step(Bench.complete(held), 1).leases();
          number++;
          assertThat(Bench.texts(held)).as("no step lost its reply").containsExactly("n" + number);
        } catch (RedisUnreachableException lost) {
          cut = true;
        }
      }
      LeaseBatch next = session.step(Bench.complete(held), 1);
      assertThat(next.refused()).as("it had gone through").isEmpty();
      assertThat(Bench.texts(next)).containsExactly("n" + (number + 1));
      session.step(Bench.complete(next.leases()), 0);
      assertThat(Bench.drain(session)).hasSize(40 - number - 1).endsWith("n40");
      assertThat(bench.open().isDrained()).isTrue();
    }
  }

  @Test
  void aSilenceOfTenLeaseTimeoutsCountsNoLoss() throws Exception {
    try (Bench bench = Bench.shared()) {
      WorkQueue queue = bench.open();
      queue.fill(Bench.items("a", "b"));
      Producer producer = queue.produce(FillOptions.as("scan"));
      Session one = Bench.session(queue);
      Session two = Bench.session(bench.open());
      Bench.reapNobody(one, two);
      List<Lease> held = one.lease(1).leases();
      two.lease(1);
      bench.advance(Bench.LEASE_TIMEOUT.multipliedBy(10));
      assertThat(bench.reap()).as("nobody could be heard").isZero();
      bench.beat(one);
      for (int i = 1; i < 4; i++) {
        bench.advance(Bench.LEASE_TIMEOUT.dividedBy(4));
        bench.beat(one);
        bench.beat(producer);
        assertThat(bench.reap()).as("the grace lasts").isZero();
      }
      assertThat(queue.admin().status().counts().leased()).isEqualTo(2);
      bench.advance(Bench.LEASE_TIMEOUT.dividedBy(4));
      assertThat(bench.reap()).as("the one that did not come back").isEqualTo(1);
      assertThat(queue.admin().status().producers()).allMatch(p -> p.state() == ProducerState.OPEN);
      assertThat(one.step(Bench.complete(held), 0).refused()).isEmpty();
      assertThat(queue.admin().items(ItemState.WAITING).map(i -> i.attempts().losses()))
          .containsExactly(1);
      producer.finish();
    }
  }

  @Test
  void aClockThatIsSetBackCostsNoLossAndNoEternity() throws Exception {
    try (Bench bench = Bench.shared()) {
      WorkQueue queue = bench.open();
      queue.fill(Bench.items("a", "b"));
      Session dead = Bench.session(queue);
      dead.lease(1);
      bench.advance(Bench.LEASE_TIMEOUT.multipliedBy(-100));
      Session alive = Bench.session(bench.open());
      Bench.reapNobody(dead, alive);
      assertThat(bench.reap()).isZero();
      long token = alive.lease(1).leases().getFirst().token();
      assertThat(token).isGreaterThan(bench.now().toEpochMilli() * 1_000);
      bench.expireExcept(alive);
      bench.expireExcept(alive);
      assertThat(bench.reap()).isEqualTo(1);
    }
  }

  @Test
  void nobodyThereAWrongPasswordAndAReadOnlyReplicaAreSaidInOneLine() throws Exception {
    QueueConfig nobody =
        QueueConfig.of("redis://127.0.0.1:" + PrivateRedis.freePort(), "q")
            .withRedisTimeout(Duration.ofMillis(50));
    assertThatThrownBy(() -> WorkQueue.open(nobody))
        .isInstanceOf(RedisUnreachableException.class)
        .hasMessageContaining("cannot be reached")
        .message()
        .doesNotContain("\n");
    try (PrivateRedis server = PrivateRedis.builder().password("right").start()) {
      String wrong = server.uri().replace("right", "wrong");
      // One try: a time-out is also the limit of each call, and a slow one would not be answered.
      QueueConfig refused = QueueConfig.of(wrong, "q").withRedisTimeout(Duration.ZERO);
      assertThatThrownBy(() -> WorkQueue.open(refused))
          .isInstanceOf(RedisUnreachableException.class)
          .hasMessageContaining("password")
          .message()
          .doesNotContain("\n")
          .doesNotContain("wrong@");
      try (PrivateRedis replica =
          PrivateRedis.builder()
              .config("replicaof", "127.0.0.1", Integer.toString(server.port()))
              .config("masterauth", "right")
              .start()) {
        awaitMasterOf(replica); // until then it may be loading, and says so instead
        QueueConfig there = QueueConfig.of(replica.uri(), "q").withRedisTimeout(Duration.ZERO);
        try (WorkQueue queue = WorkQueue.open(there)) {
          assertThatThrownBy(() -> queue.fill(Bench.items("a")))
              .isInstanceOf(RedisRefusesException.class)
              .hasMessageContaining("READONLY")
              .message()
              .doesNotContain("\n");
          assertThat(queue.admin().status().counts().total())
              .as("one may look all the same")
              .isZero();
        }
      }
    }
  }

  private static void awaitMasterOf(PrivateRedis replica) {
    try (Jedis admin = Bench.admin(replica.port())) {
      Awaitility.await().until(() -> admin.info("replication").contains("master_link_status:up"));
    }
  }

  @Test
  @RedisPerTest(own = true)
  void anOutageIsWaitedOutAndSaid(TestRedis redis) throws Exception {
    try (Bench bench = new Bench(redis.uri())) {
      WorkQueue queue = bench.open();
      queue.fill(Bench.items("a"));
      Session session = Bench.session(queue);
      redis.kill();
      CompletableFuture<LeaseBatch> leased = CompletableFuture.supplyAsync(() -> session.lease(1));
      Awaitility.await()
          .until(() -> bench.notices.stream().anyMatch(n -> n.contains("cannot be reached")));
      redis.restart();
      assertThat(Bench.texts(leased.get())).containsExactly("a");
      assertThat(bench.notices).contains("Redis is back");
    }
  }

  /** Guards against reads of a status that met the outage unprotected, as an error of our own. */
  @Test
  @RedisPerTest
  void whoeverLooksAtAQueueSeesItThoughAnyReplyIsLost(TestRedis redis) {
    try (OutageProxy network = OutageProxy.to(redis);
        Bench bench = new Bench(network.uri())) {
      WorkQueue queue = bench.open();
      queue.fill(Bench.items("a"));
      Bench.session(queue).lease(1);
      for (int reply = 1; reply <= 20; reply++) {
        network.cutInReply(reply);
        assertThat(queue.admin().status().sessions()).hasSize(1);
        network.pass();
      }
    }
  }

  @Test
  void aFailoverIsWaitedOut() throws Exception {
    try (SentinelTrio trio = SentinelTrio.started();
        Bench bench = new Bench(trio.uri())) {
      bench.with(Bench.SETTINGS.withKeep(Keep.RESULTS)).fill(Bench.numbers(200));
      Session session = Bench.session(bench.open());
      LeaseBatch batch = session.lease(5);
      trio.failover();
      while (!batch.leases().isEmpty()) {
        batch = session.step(Bench.complete(batch.leases()), 5);
      }
      WorkQueue queue = bench.open();
      assertThat(queue.isDrained()).isTrue();
      assertThat(new TreeSet<>(queue.results().map(r -> new String(r.payload(), UTF_8)).toList()))
          .containsAll(IntStream.rangeClosed(1, 200).mapToObj(i -> "n" + i).toList());
    }
  }
}
