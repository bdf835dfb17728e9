package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.embedded.PrivateRedis;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol.Command;

/**
 * A Redis that loses single keys: by eviction, or when a Cluster's master dies before its replica
 * has the keys of a slot that was just moved to it. What is gone is noticed; the bag is neither
 * waited for in vain nor called drained.
 */
class LostKeysTest {

  private final Bench bench = Bench.shared();

  @AfterEach
  void close() {
    bench.close();
  }

  private void lose(Bench of, String key) {
    of.cli(Command.DEL, key);
  }

  private static List<String> notices(Bench of) {
    return of.notices.stream().filter(said -> !said.contains("append-only")).toList();
  }

  private static String recordOf(Bench bench, Session session) {
    return "{" + bench.name + "}:session:" + session.id();
  }

  @Test
  void whatAWorkerHeldIsMissedWhenItsRecordIsGone() {
    WorkQueue queue = bench.open();
    queue.fill(Bench.numbers(5));
    Session holds = Bench.session(bench.open());
    assertThat(holds.lease(3).leases()).hasSize(3);
    Session other = Bench.session(queue);
    assertThat(Bench.drain(other)).hasSize(2);
    assertThat(other.lease(1).state())
        .as("nothing is missed as long as somebody holds it")
        .isInstanceOf(QueueState.NotYet.class);

    lose(bench, recordOf(bench, holds));

    assertThat(bench.open().state())
        .isInstanceOfSatisfying(
            QueueState.Lost.class, lost -> assertThat(lost.why()).contains("lost 3 items"));
    assertThat(queue.admin().status().counts().leased()).isZero();
    assertThat(bench.state("ended")).as("it is not the end of the run").isNull();
  }

  @Test
  void itsEndsAreRefusedAndItMayWorkOn() {
    WorkQueue queue = bench.open();
    queue.fill(Bench.numbers(2));
    Session holds = Bench.session(queue);
    List<Lease> leases = holds.lease(1).leases();

    lose(bench, recordOf(bench, holds));

    LeaseBatch next = holds.step(Bench.complete(leases), 1);
    assertThat(next.refused()).hasSize(1);
    assertThat(Bench.texts(next.leases().isEmpty() ? holds.lease(1) : next)).containsExactly("n2");
  }

  @Test
  void whatWasLeasedIsMissedWhenTheSessionsAreGone() {
    WorkQueue queue = bench.open();
    queue.fill(Bench.numbers(4));
    Bench.session(queue).lease(4);

    lose(bench, "{" + bench.name + "}:sessions");

    assertThat(bench.open().state()).isInstanceOf(QueueState.Lost.class);
  }

  @Test
  void aRunOfRpushedItemsIsNotDrainedWithoutThoseThatWereLeased() {
    bench.rpush("a", "b");
    WorkQueue queue = bench.open();
    Session holds = Bench.session(queue);
    holds.lease(2);
    lose(bench, recordOf(bench, holds));
    holds.close();

    assertThat(bench.open().state()).isInstanceOf(QueueState.Lost.class);
  }

  @Test
  void purgedAndFilledAgainItIsAQueueLikeAnyOther() {
    WorkQueue queue = bench.open();
    queue.fill(Bench.numbers(1));
    Bench.session(queue).lease(1);
    lose(bench, "{" + bench.name + "}:sessions");
    assertThat(bench.open().state()).isInstanceOf(QueueState.Lost.class);

    WorkQueue again = bench.open();
    again.admin().purge();
    again.fill(Bench.numbers(2));
    assertThat(Bench.drain(Bench.session(again))).hasSize(2);
    assertThat(again.state()).isEqualTo(new QueueState.Drained(again.run().orElseThrow(), 2, 0));
  }

  @Test
  void onAClusterALostListIsNotTheEnd() {
    try (Bench cluster = new Bench(Place.CLUSTER::config)) {
      WorkQueue queue = cluster.open();
      queue.fill(Bench.numbers(10));
      Session session = Bench.session(queue);
      session.step(Bench.complete(session.lease(4).leases()), 0);

      lose(cluster, cluster.name);

      assertThat(session.lease(1).state())
          .isInstanceOfSatisfying(
              QueueState.Lost.class, lost -> assertThat(lost.why()).contains("lost 6 items"));
    }
  }

  @Test
  void onOneServerOtherProgramsMayHaveTakenThemAndThatIsSaid() {
    WorkQueue queue = bench.open();
    queue.fill(Bench.numbers(10));
    Session session = Bench.session(queue);
    session.step(Bench.complete(session.lease(4).leases()), 0);

    lose(bench, bench.name);

    assertThat(queue.state()).isInstanceOf(QueueState.Drained.class);
    assertThat(notices(bench)).singleElement().asString().startsWith("6 of the items");
  }

  @Test
  void whatAPersonDropsRequeuesOrLeavesDeadIsNotMissed() {
    try (Bench cluster = new Bench(Place.CLUSTER::config)) {
      WorkQueue queue = cluster.open();
      queue.fill(Bench.items("dropped", "requeued", "left", "done"));
      Session session = Bench.session(queue);
      List<Lease> leases = session.lease(4).leases();
      session.step(
          List.of(
              new Settlement.Bury(leases.get(0), "no"),
              new Settlement.Bury(leases.get(1), "no"),
              new Settlement.Bury(leases.get(2), "no"),
              Settlement.complete(leases.get(3))),
          0);
      queue.admin().drop(new DeadItems.WithId(leases.get(0).id()));
      assertThat(queue.state()).isInstanceOf(QueueState.Drained.class);
      queue.admin().requeue(new DeadItems.WithId(leases.get(1).id()));
      assertThat(Bench.drain(session)).containsExactly("requeued");
      assertThat(queue.state()).isInstanceOf(QueueState.Drained.class);

      // In the next run one is there that died in the last.
      WorkQueue next = cluster.open();
      next.fill(Bench.items("new").map(item -> item.withPriority(Priority.HIGH)));
      Session second = Bench.session(next);
      next.admin().requeue(new DeadItems.All());
      assertThat(Bench.drain(second)).containsExactlyInAnyOrder("new", "left");
      assertThat(next.state()).isInstanceOf(QueueState.Drained.class);
      assertThat(notices(cluster)).isEmpty();
    }
  }

  @Test
  void aServerThatMayEvictItemsIsNamed() throws Exception {
    try (PrivateRedis server =
            PrivateRedis.builder()
                .config("maxmemory", "100mb")
                .config("maxmemory-policy", "allkeys-lru")
                .start();
        Bench evicting = new Bench(server.uri());
        Jedis admin = Bench.admin(server.port())) {
      evicting.open().fill(Bench.numbers(3));
      assertThat(notices(evicting))
          .singleElement()
          .asString()
          .contains("maxmemory-policy allkeys-lru", "noeviction");

      evicting.notices.clear();
      admin.configSet("maxmemory-policy", "volatile-lru");
      evicting.open().fill(Bench.numbers(3));
      assertThat(notices(evicting)).isEmpty();
    }
  }
}
