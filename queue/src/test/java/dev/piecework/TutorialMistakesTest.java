package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.internal.redis.Values;
import dev.piecework.testkit.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * What the code of the Kubernetes tutorial does wrong, each by its name. Three are not of the queue
 * and are tests of the worker and of the job: "a pod failing after a sibling's success is ignored
 * by the Job controller", "an exception kills the worker", "no SIGTERM handling".
 */
@Tag("slow")
class TutorialMistakesTest {

  private static final Duration AT_ONCE = Duration.ZERO;

  private final Bench bench = Bench.shared();
  private final WorkQueue queue = bench.open();

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  @Test
  void deadWorkersItemStuckForEverAndEveryPeerWaitsForIt() {
    queue.fill(Bench.items("a"));
    Bench.session(queue).lease(1); // and dies
    Session peer = Bench.session(bench.open());
    assertThat(peer.lease(1).state()).isInstanceOf(QueueState.NotYet.class);
    bench.expireExcept(peer);
    bench.reap();
    List<Lease> leases = peer.lease(1).leases();
    assertThat(Bench.texts(leases)).containsExactly("a");
    peer.step(Bench.complete(leases), 0);
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void leaseNotAtomic() throws Exception {
    queue.fill(Bench.numbers(3_000));
    AtomicBoolean over = new AtomicBoolean();
    WorkQueue looking = bench.open();
    CompletableFuture<Long> looks =
        CompletableFuture.supplyAsync(() -> {
          long n = 0;
          while (!over.get()) {
            assertThat(looking.admin().status().counts().total()).isEqualTo(3_000);
            n++;
          }
          return n;
        });
    assertThat(Bench.drain(Bench.session(queue))).hasSize(3_000);
    over.set(true);
    assertThat(looks.get()).isPositive();
  }

  @Test
  void leaseNeverRenewedYetNeverEnforced() {
    queue.fill(Bench.items("long", "short"));
    Session busy = Bench.session(queue);
    List<Lease> kept = busy.lease(1).leases();
    Session dead = Bench.session(bench.open());
    List<Lease> lost = dead.lease(1).leases();
    for (int i = 0; i < 5; i++) {
      bench.expireExcept(busy); // renewed: its heartbeat keeps all that it holds
      bench.reap();
    }
    assertThat(busy.step(Bench.complete(kept), 0).refused()).isEmpty();
    assertThat(dead.step(Bench.complete(lost), 0).refused()).hasSize(1); // and enforced
  }

  @Test
  void completeByAStaleHolderAccepted() {
    queue.fill(Bench.items("a"));
    Lease stale = queue.lease(AT_ONCE).orElseThrow();
    Session other = Bench.session(bench.open());
    bench.expireExcept(other);
    bench.reap();
    List<Lease> now = other.lease(1).leases();
    assertThatThrownBy(stale::complete).isInstanceOf(LeaseLostException.class);
    assertThat(queue.admin().status().counts().done()).isZero();
    assertThat(other.step(Bench.complete(now), 0).refused()).isEmpty();
    assertThat(queue.admin().status().counts().done()).isEqualTo(1);
  }

  @Test
  void oneCompleteErasesAllEqualItems() {
    queue.fill(Bench.items("apple", "apple", "apple"));
    List<Lease> leases = queue.lease(3, AT_ONCE);
    leases.get(1).complete();
    assertThat(queue.admin().status().counts()).isEqualTo(new QueueStatus.Counts(0, 2, 0, 1, 0, 0));
  }

  @Test
  void lastInFirstOut() {
    bench.rpush("first", "second", "third");
    assertThat(Bench.drain(Bench.session(queue))).containsExactly("first", "second", "third");
  }

  @Test
  void completionIsLinear() {
    // In this order: what is held at the end of the first is there for the second as well.
    assertThat(commandsOfOneCompletionAmong(2)).isEqualTo(commandsOfOneCompletionAmong(20_000));
  }

  private String commandsOfOneCompletionAmong(int held) {
    queue.fill(Bench.numbers(held));
    Session session = Bench.session(queue);
    Bench.reapNobody(session); // its look would be counted
    Lease last = null;
    for (LeaseBatch batch = session.lease(1_000);
        !batch.leases().isEmpty();
        batch = session.lease(1_000)) {
      last = batch.leases().getLast();
    }
    info(Command.CONFIG, "RESETSTAT");
    session.step(List.of(Settlement.complete(java.util.Objects.requireNonNull(last))), 0);
    String stats = info(Command.INFO, "commandstats");
    session.close();
    return stats
        .lines()
        .filter(line -> !line.matches("cmdstat_(info|config|hgetall|evalsha|h?ello|client).*"))
        .map(line -> line.replaceFirst(",usec=.*", ""))
        .sorted()
        .toList()
        .toString();
  }

  private String info(Command command, String argument) {
    Object reply =
        bench
            .client()
            .link()
            .onOneConnection(
                bench.client().keys().key("state"),
                connection ->
                    connection.executeCommand(new CommandArguments(command).add(argument)));
    return reply instanceof byte[] text ? new String(text, UTF_8) : "";
  }

  @Test
  void emptyReadsTwoKeysAtTwoMoments() throws Exception {
    queue.fill(Bench.items("moving"));
    AtomicBoolean over = new AtomicBoolean();
    Session session = Bench.session(queue);
    CompletableFuture<Void> moves =
        CompletableFuture.runAsync(() -> {
          while (!over.get()) { // to and fro between waiting and leased
            Lease lease = session.lease(1).leases().getFirst();
            session.step(List.of(new Settlement.Release(lease)), 0);
          }
        });
    WorkQueue looking = bench.open();
    for (int i = 0; i < 2_000; i++) {
      assertThat(looking.isDrained()).isFalse();
    }
    over.set(true);
    moves.get();
  }

  @Test
  void workerStartedBeforeTheFillExits0() {
    Session early = Bench.session(queue);
    assertThat(early.lease(1).state()).isEqualTo(new QueueState.NeverFilled());
    assertThat(queue.isDrained()).isFalse();
    bench.open().fill(Bench.items("a"));
    assertThat(Bench.drain(early)).containsExactly("a");
    assertThat(early.lease(1).state()).isInstanceOf(QueueState.Drained.class);
  }

  @Test
  void redisRestartIsSuccess() throws Exception {
    try (TestRedis redis = TestRedis.started();
        Bench own = new Bench(redis.uri())) {
      WorkQueue worker = own.open();
      worker.fill(Bench.items("a", "b"));
      Session session = Bench.session(worker);
      session.lease(1);
      redis.restartEmpty();
      assertThat(session.lease(1).state()).isInstanceOf(QueueState.Lost.class);
      assertThat(worker.isDrained()).isFalse();
      assertThatThrownBy(() -> worker.lease(AT_ONCE)).isInstanceOf(RunLostException.class);
      WorkQueue other = own.open();
      other.fill(Bench.items("another run"));
      assertThat(session.lease(1).state()).isInstanceOf(QueueState.Lost.class);
    }
  }

  @Test
  void retriedOutItemDeletedWithoutATrace() {
    queue.fill(Bench.items("bad"));
    for (int i = 1; i <= 3; i++) {
      queue.lease(AT_ONCE).orElseThrow().retry("failure " + i, AT_ONCE);
    }
    ItemView dead = queue.admin().items(ItemState.DEAD).findFirst().orElseThrow();
    assertThat(new String(dead.payload(), UTF_8)).isEqualTo("bad");
    assertThat(dead.history())
        .hasSize(3)
        .last()
        .extracting(ItemView.PastAttempt::text)
        .asString()
        .endsWith("failure 3");
    assertThat(queue.admin().requeue(new DeadItems.All())).isEqualTo(1);
  }

  @Test
  void crossSlotOnACluster() throws Exception {
    try (Bench cluster = new Bench(Place.CLUSTER::config)) {
      WorkQueue there = cluster.open();
      there.fill(Bench.numbers(20));
      Session dead = Bench.session(there);
      dead.lease(3);
      Session alive = Bench.session(cluster.open());
      cluster.expireExcept(alive);
      cluster.reap();
      assertThat(Bench.drain(alive)).hasSize(20);
      assertThat(there.isDrained()).isTrue();
      assertThat(Values.of(cluster.raw(Command.LRANGE, "runs", 0, -1)).size()).isEqualTo(1);
    }
  }
}
