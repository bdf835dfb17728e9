package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/**
 * The invariants of the design by their numbers. Where the test is elsewhere it is named: 1 to 4
 * {@link ConservationTest}, 5 also {@link LostTwiceTest}, 7 and 8 {@link ProducerTest}, 10 {@link
 * LeaseContractTest}, 11 and 16 {@link FillContractTest}, 13 also {@link FullRedisTest}, 14 the
 * contract on a Cluster, 17 also {@link RollbackTest}.
 */
class InvariantsTest {

  private final Bench bench = Bench.shared();
  private final WorkQueue queue = bench.open();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  @DisplayName(
      "2: a lease timeout takes effect when it is reaped, and a reaped session is over for good")
  void expiryAndReaping() {
    queue.fill(Bench.items("a", "b"));
    Session late = Bench.session(queue);
    Session other = Bench.session(bench.open());
    Bench.reapNobody(late, other);
    List<Lease> held = late.lease(1).leases();
    bench.expireExcept(other);
    // Past its deadline, but not reaped: the lease is good.
    assertThat(late.step(Bench.complete(held), 0).refused()).isEmpty();
    List<Lease> second = late.lease(1).leases();
    bench.reap();
    QueueClient client = bench.client();
    Reply beat =
        client.once(
            Script.BEAT,
            client.scope(late.id(), ""),
            Bench.tellingNothing(client.now(), late.id(), "", 0));
    assertThat(beat.word()).isEqualTo("SESSION_LOST");
    assertThat(bench.raw(Command.ZSCORE, "sessions", late.id())).isNull();
    assertThat(late.step(Bench.complete(second), 0).refused()).hasSize(1);
  }

  @Test
  @DisplayName("2: retry, bury and release of a reaped session change nothing")
  void everySettlementIsFenced() {
    queue.fill(Bench.items("a", "b", "c", "d"));
    Session late = Bench.session(queue);
    List<Lease> held = late.lease(4).leases();
    Session other = Bench.session(bench.open());
    bench.expireExcept(other);
    bench.reap();
    QueueStatus.Counts before = queue.admin().status().counts();
    LeaseBatch batch =
        late.step(
            List.of(
                new Settlement.Retry(held.get(0), "x", java.util.Optional.empty()),
                new Settlement.Bury(held.get(1), "x"),
                new Settlement.Release(held.get(2)),
                Settlement.complete(held.get(3))),
            0);
    assertThat(batch.refused()).hasSize(4);
    assertThat(queue.admin().status().counts()).isEqualTo(before);
  }

  @Test
  @DisplayName("2: tokens only grow, also when the clock goes back")
  void tokensGrow() {
    queue.fill(Bench.numbers(50));
    Session session = Bench.session(queue);
    long last = 0;
    for (int i = 0; i < 50; i++) {
      Lease lease = session.lease(1).leases().getFirst();
      assertThat(lease.token()).isGreaterThan(last);
      last = lease.token();
      bench.advance(Duration.ofSeconds(i % 3 - 1));
    }
  }

  @Test
  @DisplayName("4: of a session that held thousands, at most 1,000 move in one script")
  void reclaimInParts() {
    queue.fill(Bench.numbers(2_500));
    Session dead = Bench.session(queue);
    for (int i = 0; i < 3; i++) {
      dead.lease(1_000);
    }
    Session other = Bench.session(bench.open());
    Bench.reapNobody(dead, other);
    bench.expireExcept(other);
    QueueClient client = bench.client();
    Reply first =
        client.once(
            Script.RECLAIM,
            client.scope(dead.id(), "").of(queue.run().orElseThrow()),
            client.now(),
            dead.id(),
            "0",
            dead.id());
    assertThat(first.number("moved")).isLessThanOrEqualTo(1_000);
    assertThat(queue.admin().status().counts().total())
        .as("reaped in full by now")
        .isEqualTo(2_500);
    assertThat(queue.admin().status().counts().waiting()).isEqualTo(2_500);
    assertThat(bench.raw(Command.LLEN, "lost_once")).isEqualTo(2_500L);
  }

  @Test
  @DisplayName("6: while others hold the last items the idle ones wait")
  void idleOnesWait() {
    queue.fill(Bench.items("a"));
    Session busy = Bench.session(queue);
    LeaseBatch batch = busy.lease(1);
    Session idle = Bench.session(bench.open());
    assertThat(idle.lease(1).state()).isInstanceOf(QueueState.NotYet.class);
    busy.step(Bench.complete(batch.leases()), 0);
    assertThat(idle.lease(1).state()).isInstanceOf(QueueState.Drained.class);
  }

  @Test
  @DisplayName("6: who leaves early leaves the rest in live hands that stay")
  void leaveEarly() {
    queue.fill(Bench.items("a", "b"));
    Session busy = Bench.session(queue);
    Session idle = Bench.session(bench.open());
    LeaseBatch first = busy.lease(1);
    assertThat(idle.leaveEarly()).as("something waits").isFalse();
    busy.lease(1);
    Producer producer = queue.produce(FillOptions.as("scan"));
    assertThat(idle.leaveEarly()).as("a producer is open").isFalse();
    producer.finish();
    busy.leaving();
    assertThat(idle.leaveEarly()).as("the holder is leaving itself").isFalse();
    Session third = Bench.session(bench.open());
    busy.step(List.of(new Settlement.Release(first.leases().getFirst())), 0);
    third.lease(1);
    busy.close();
    assertThat(idle.leaveEarly()).as("what it held waits").isFalse();
    third.lease(1);
    assertThat(idle.leaveEarly()).isTrue();
    Session fourth = Bench.session(bench.open());
    bench.advance(Bench.LEASE_TIMEOUT);
    assertThat(fourth.leaveEarly()).as("the holder has expired").isFalse();
  }

  @Test
  @DisplayName("9: without a clock of a test the time is Redis's")
  void redisTime() {
    try (WorkQueue real = WorkQueue.open(QueueConfig.of(Place.STANDALONE.uri(), bench.name))) {
      real.fill(Bench.items("a"));
      Lease lease = real.lease(Duration.ZERO).orElseThrow();
      assertThat(Math.abs(lease.token() / 1_000 - System.currentTimeMillis())).isLessThan(60_000);
      lease.complete();
    }
  }

  @Test
  @DisplayName("13: a waiting item is its list entry and nothing else")
  void waitingItemsAreSmall() {
    queue.fill(Bench.numbers(10_000));
    assertThat(bench.keys()).doesNotContain("parked", "tries", "ids", "numbered");
    Object list = bench.cli(Command.MEMORY, "USAGE", bench.name);
    assertThat((Long) list).isLessThan(10_000 * 12L);
  }

  @Test
  @DisplayName("13: nothing is left of an item that came back and was done")
  void nothingIsLeft() {
    queue.fill(Bench.items("a", "b"));
    queue.lease(Duration.ZERO).orElseThrow().retry("x", Duration.ZERO);
    queue.lease(Duration.ZERO).orElseThrow().release();
    queue.lease(2, Duration.ZERO).forEach(Lease::complete);
    assertThat(queue.isDrained()).isTrue();
    queue.close();
    assertThat(bench.keys())
        .doesNotContain("parked", "tries", "evidence", "delayed", "returned", "sessions");
    assertThat(bench.keys()).noneMatch(key -> key.startsWith("session:"));
  }

  @Test
  @DisplayName("15: whoever reclaims applies the queue's settings, not its own")
  void settingsOfTheQueue() {
    bench.with(Bench.SETTINGS.withLosses(1)).fill(Bench.items("a"));
    Bench.session(queue).lease(1);
    WorkQueue other = bench.with(Bench.SETTINGS.withLosses(9));
    Session observer = Bench.session(other);
    bench.expireExcept(observer);
    assertThat(other.admin().status().counts().dead()).isEqualTo(1);
  }

  @Test
  @DisplayName("17: each commit has its number, without gaps, also from several sessions")
  void sequence() {
    WorkQueue keeps = bench.with(Bench.SETTINGS.withKeep(Keep.RESULTS));
    keeps.fill(Bench.numbers(500));
    List<CompletableFuture<List<String>>> workers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Session session = Bench.session(bench.open());
      workers.add(CompletableFuture.supplyAsync(() -> Bench.drain(session)));
    }
    workers.forEach(CompletableFuture::join);
    List<Result> results = keeps.results().toList();
    assertThat(results).hasSize(500);
    for (int i = 0; i < 500; i++) {
      assertThat(results.get(i).sequence()).isEqualTo(i + 1);
    }
    assertThat(results.stream().map(r -> new String(r.payload(), UTF_8))).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("8: replies that overtake each other are no rollback")
  void noFalseAlarm() {
    queue.fill(Bench.numbers(2_000));
    List<CompletableFuture<Void>> threads = new CopyOnWriteArrayList<>();
    Session one = Bench.session(queue);
    Session two = Bench.session(queue); // of the same client
    threads.add(CompletableFuture.runAsync(() -> Bench.drain(one)));
    threads.add(CompletableFuture.runAsync(() -> Bench.drain(two)));
    threads.add(
        CompletableFuture.runAsync(() -> {
          for (int i = 0; i < 500; i++) {
            queue.state();
          }
        }));
    threads.forEach(CompletableFuture::join);
    assertThat(bench.notices).noneMatch(notice -> notice.contains("back in time"));
  }
}
