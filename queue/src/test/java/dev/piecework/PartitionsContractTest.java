package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.internal.client.Partition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Protocol.Command;

/** What a queue in partitions promises beyond what each of them does, being a queue. */
@ParameterizedClass
@MethodSource("places")
@Tag("slow")
class PartitionsContractTest {

  private static final QueueSettings FOUR = Bench.SETTINGS.withKeep(Keep.RESULTS).withPartitions(4);

  @Parameter ServedPlace place = Place.STANDALONE.here();
  private Bench bench;
  private WorkQueue queue;

  static List<ServedPlace> places() {
    return ServedPlace.all(Place.STANDALONE, Place.CLUSTER);
  }

  @BeforeEach
  void open() {
    bench = new Bench(place::config);
    queue = bench.with(FOUR);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private List<Lease> leaseAll(Session session) {
    List<Lease> all = new ArrayList<>();
    LeaseBatch batch = session.lease(3);
    while (!batch.leases().isEmpty()) {
      all.addAll(batch.leases());
      batch = session.lease(3);
    }
    return all;
  }

  private List<Long> waitingByPartition() {
    return queue.admin().status().partitions().stream()
        .map(part -> part.counts().waiting())
        .toList();
  }

  @Test
  void itemsAreSpreadEvenlyAndComeWithIdsOfTheirPartition() {
    FillReport report = queue.fill(Bench.numbers(40));
    assertThat(report.added()).isEqualTo(40);
    assertThat(waitingByPartition()).containsExactly(10L, 10L, 10L, 10L);
    assertThat(queue.admin().status().counts().waiting()).isEqualTo(40);
    Session session = Bench.session(queue);
    List<Lease> leases = leaseAll(session);
    assertThat(Bench.texts(leases)).hasSize(40).doesNotHaveDuplicates();
    assertThat(Bench.ids(leases)).doesNotHaveDuplicates().contains("0-1", "3-10");
    assertThat(session.holds()).isEqualTo(40);
    assertThat(queue.state()).isInstanceOf(QueueState.NotYet.class);
    assertThat(queue.admin().status().sessions()).hasSize(1).allMatch(view -> view.holds() == 40);
    LeaseBatch last = session.step(Bench.complete(leases), 1);
    assertThat(last.refused()).isEmpty();
    assertThat(last.state())
        .isInstanceOfSatisfying(QueueState.Drained.class, d -> assertThat(d.done()).isEqualTo(40));
    assertThat(queue.isDrained()).isTrue();
    assertThat(queue.results().map(Result::id)).hasSize(40).doesNotHaveDuplicates();
    assertThat(queue.admin().item("3-10").map(ItemView::state)).contains(ItemState.DONE);
  }

  @Test
  void whoOpensItWithoutSayingSoFindsThePartitions() {
    queue.fill(Bench.numbers(8));
    WorkQueue other = bench.open();
    assertThat(other.settings().partitions()).isEqualTo(4);
    assertThat(other.admin().partitions()).hasSize(4);
    assertThat(other.lease(8, Duration.ZERO)).isNotEmpty();
    assertThat(other.admin().names())
        .contains(bench.name)
        .doesNotContain(new Partition(bench.name, 0, 4).name());
  }

  @Test
  void aProducerIsOpenInAllPartitionsBeforeItFills() {
    try (Producer producer = queue.produce(FillOptions.as("scan"))) {
      for (WorkQueue partition : queue.admin().partitions()) {
        assertThat(partition.state()).isInstanceOf(QueueState.NotYet.class);
      }
      producer.add(Item.of("a"));
      producer.flush();
      Session session = Bench.session(queue);
      LeaseBatch batch = session.lease(5);
      batch = session.step(Bench.complete(batch.leases()), 5);
      assertThat(batch.state()).isInstanceOf(QueueState.NotYet.class);
      producer.finish();
    }
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void aProducerThatDiedWhileItOpenedKeepsTheQueueFromBeingDrained() {
    // As if killed after the second of four.
    queue.admin().pause("to make it");
    queue.admin().resume();
    Producer first = queue.admin().partitions().get(0).produce(FillOptions.as("scan"));
    Producer second = queue.admin().partitions().get(1).produce(FillOptions.as("scan"));
    assertThat(queue.state()).isInstanceOf(QueueState.NotYet.class);
    first.close();
    second.close();
    bench.advance(Bench.LEASE_TIMEOUT.multipliedBy(4));
    queue.state();
    bench.advance(Bench.LEASE_TIMEOUT.multipliedBy(2));
    assertThat(queue.state()).isInstanceOf(QueueState.Incomplete.class);
    FillReport report = fill("scan", 9);
    assertThat(report.added()).isEqualTo(9);
    assertThat(Bench.drain(Bench.session(queue))).hasSize(9);
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void aSourceClosedByHandThatHadOpenedOnlySomePartitionsIsOver() {
    queue.admin().pause("to make it");
    queue.admin().resume();
    queue.admin().partitions().get(0).produce(FillOptions.as("scan")).close();
    assertThat(queue.admin().closeSource("scan")).isTrue();
    assertThat(queue.admin().closeSource("nobody")).isFalse();
    assertThat(queue.isDrained()).isTrue();
  }

  private FillReport fill(String source, int n) {
    try (Producer producer = queue.produce(FillOptions.as(source))) {
      Bench.numbers(n).forEach(producer::add);
      return producer.finish();
    }
  }

  @Test
  void aFillThatDiedWhileItClosedIsContinuedAndAddsNothingTwice() {
    try (Producer broken = queue.produce(FillOptions.as("scan"))) {
      Bench.numbers(20).forEach(broken::add);
      broken.flush();
      queue.admin().partitions().get(3).admin().closeSource("scan");
      queue.admin().partitions().get(2).admin().closeSource("scan");
    }
    assertThat(queue.isDrained()).isFalse();
    bench.advance(Bench.LEASE_TIMEOUT.plusMillis(1)); // its process is this one, and lives
    FillOptions again = new FillOptions("scan", true, false, false);
    try (Producer producer = queue.produce(again)) {
      assertThat(producer.source()).isEqualTo("scan");
      assertThat(producer.resumedAt()).isEqualTo(20);
      Bench.numbers(20).forEach(producer::add);
      assertThat(producer.finish().added()).isZero();
    }
    assertThat(Bench.drain(Bench.session(queue))).hasSize(20).doesNotHaveDuplicates();
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void aChangedInputIsRefusedWithTheNumberOfTheWholeInput() {
    try (Producer broken = queue.produce(FillOptions.as("scan"))) {
      Bench.numbers(20).forEach(broken::add);
      broken.flush();
    }
    bench.advance(Bench.LEASE_TIMEOUT.plusMillis(1));
    try (Producer producer = queue.produce(FillOptions.as("scan"))) {
      Bench.numbers(13).forEach(producer::add);
      assertThatThrownBy(() -> producer.add(Item.of("other")))
          .isInstanceOf(FillRefusedException.class)
          .hasMessageContaining("at record 14");
    }
  }

  @Test
  void givenIdsStayAndNameOneItem() {
    Stream<Item> items =
        Stream.of("apple", "17", "=17", "16-1").map(id -> Item.of("of " + id).withId(id));
    queue.fill(items);
    try (Producer producer = queue.produce(new FillOptions(null, false, true, false))) {
      producer.add(Item.of("again").withId("17"));
      producer.add(Item.of("new").withId("18"));
      FillReport report = producer.finish();
      assertThat(report.skipped()).isEqualTo(1);
      assertThat(report.added()).isEqualTo(1);
    }
    List<Lease> leases = leaseAll(Bench.session(queue));
    assertThat(Bench.ids(leases)).containsExactlyInAnyOrder("apple", "17", "=17", "16-1", "18");
    leases.forEach(lease -> lease.bury("no"));
    assertThat(queue.admin().item("=17").map(item -> new String(item.payload(), UTF_8)))
        .contains("of =17");
    assertThat(queue.admin().items(new DeadItems.All())).hasSize(5);
    assertThat(queue.admin().items(new DeadItems.WithId("16-1")).map(ItemView::id))
        .containsExactly("16-1");
    assertThat(queue.admin().requeue(new DeadItems.WithId("17"))).isEqualTo(1);
    assertThat(queue.admin().item("17").map(ItemView::state)).contains(ItemState.WAITING);
    assertThat(queue.admin().drop(new DeadItems.All())).isEqualTo(4);
  }

  @Test
  void anIdThatAPartitionCountsIsRefusedFromAProducer() {
    try (Producer producer = queue.produce(FillOptions.ANONYMOUS)) {
      assertThatThrownBy(() -> producer.add(Item.of("a").withId("3-1")))
          .isInstanceOf(FillRefusedException.class)
          .hasMessageContaining("which is one that a partition counts");
    }
  }

  @Test
  void drainedIsNotSaidWhenAnItemComesBackWhereOneHadLookedAlready() {
    queue.fill(Bench.numbers(4));
    Session session = Bench.session(queue);
    List<Lease> leases = leaseAll(session);
    Lease early =
        leases.stream().filter(lease -> lease.id().startsWith("0-")).findFirst().orElseThrow();
    // All but the one in the first partition: it is retried there between two looks.
    session.step(Bench.complete(leases.stream().filter(l -> !l.equals(early)).toList()), 0);
    early.retry("again", Duration.ofMinutes(1));
    assertThat(session.lease(1).state()).isInstanceOf(QueueState.NotYet.class);
    bench.advance(Duration.ofMinutes(2));
    assertThat(queue.isDrained()).isFalse();
    assertThat(queue.lease(Duration.ofSeconds(5)).map(Lease::id)).contains(early.id());
  }

  @Test
  void aFillWhileSomePartitionsHaveEndedJoinsTheRun() {
    queue.fill(Bench.numbers(2)); // the partitions 2 and 3 get nothing
    assertThat(queue.admin().partitions().get(3).isDrained()).isTrue();
    String run = queue.run().orElseThrow();
    fill("more", 8);
    assertThat(queue.run()).contains(run);
    assertThat(Bench.drain(Bench.session(queue))).hasSize(10);
    assertThat(queue.state())
        .isInstanceOfSatisfying(
            QueueState.Drained.class,
            drained -> {
              assertThat(drained.run()).isEqualTo(run);
              assertThat(drained.done()).isEqualTo(10);
            });
    fill("next", 4);
    assertThat(queue.run().orElseThrow()).isNotEqualTo(run).doesNotContain(",");
    assertThat(Bench.drain(Bench.session(queue))).hasSize(4);
  }

  @Test
  void whatAnInputHasGrownByBelongsToTheRunThatHasEndedInEachPartition() {
    fill("list", 5);
    assertThat(Bench.drain(Bench.session(queue))).hasSize(5);
    assertThat(queue.isDrained()).isTrue();
    String run = queue.run().orElseThrow();

    assertThat(fillMore("list", 9).added()).isEqualTo(4);
    assertThat(queue.run()).contains(run);
    assertThat(Bench.drain(Bench.session(queue))).hasSize(4);
    assertThat(queue.state()).isEqualTo(new QueueState.Drained(run, 9, 0));
    assertThat(queue.admin().resultLogs().stream().map(log -> log.after(0, 9).size()))
        .containsExactly(3, 2, 2, 2);

    assertThatThrownBy(() -> fillMore("list", 8))
        .isInstanceOf(FillRefusedException.class)
        .hasMessageContaining("there were 9");
    assertThat(queue.state()).as("drained as before").isEqualTo(new QueueState.Drained(run, 9, 0));

    queue.admin().purge();
    assertThatThrownBy(() -> fillMore("list", 9)).isInstanceOf(RunLostException.class);
    assertThat(queue.state()).isEqualTo(new QueueState.NeverFilled());
  }

  private FillReport fillMore(String source, int n) {
    try (Producer producer = queue.produceMore(FillOptions.as(source))) {
      Bench.numbers(n).forEach(producer::add);
      return producer.finish();
    }
  }

  @Test
  void eachPartitionHasALogOfResultsOfItsOwn() {
    fill("scan", 8);
    assertThat(Bench.drain(Bench.session(queue))).hasSize(8);
    List<ResultLog> logs = queue.admin().resultLogs();
    assertThat(logs).hasSize(4);
    assertThat(logs.get(2).after(1, 9).stream().map(Result::sequence)).containsExactly(2L);
    logs.get(2).dropUpTo(1);
    assertThat(logs.get(2).after(0, 9).stream().map(Result::sequence)).containsExactly(2L);
    assertThat(logs.get(1).after(0, 9)).as("another one's").hasSize(2);
    assertThat(queue.results()).hasSize(7);
  }

  @Test
  void aPartitionThatLostItsDataIsNoSuccess() {
    queue.fill(Bench.numbers(8));
    Session session = Bench.session(queue);
    List<Lease> leases = leaseAll(session);
    String lost = new Partition(bench.name, 2, 4).name();
    for (String key : List.of("state", "sessions", "session:" + partOf(leases, 2))) {
      bench.cli(Command.DEL, "{" + lost + "}:" + key);
    }
    List<Settlement> settlements = Bench.complete(leases);
    LeaseBatch batch = session.step(settlements, 1);
    assertThat(batch.refused()).hasSize(2);
    assertThat(batch.state()).isInstanceOf(QueueState.Lost.class);
    assertThat(bench.open().state()).isInstanceOf(QueueState.Lost.class);
  }

  private static String partOf(List<Lease> leases, int partition) {
    return leases.stream()
        .filter(lease -> lease.id().startsWith(partition + "-"))
        .findFirst()
        .orElseThrow()
        .session()
        .id();
  }

  @Test
  void anItemThatKillsItsWorkerIsHeldAloneAcrossPartitions() {
    queue.fill(Bench.numbers(4));
    for (int loss = 0; loss < 2; loss++) {
      Session crashing = queue.admin().partitions().get(1).session(SessionInfo.local("crashes", 1));
      assertThat(crashing.lease(1).leases()).hasSize(1);
      bench.advance(Bench.LEASE_TIMEOUT.multipliedBy(3));
      queue.state();
      bench.advance(Bench.LEASE_TIMEOUT.plusMillis(1));
      queue.state();
    }
    Session session = Bench.session(queue);
    List<Lease> held = new ArrayList<>();
    boolean alone = false;
    for (int look = 0; look < 8 && !alone; look++) {
      LeaseBatch batch = session.lease(1);
      alone = batch.alone() || batch.leases().stream().anyMatch(lease -> lease.losses() >= 2);
      held.addAll(batch.leases());
    }
    assertThat(alone).isTrue();
    assertThat(held.stream().filter(lease -> lease.losses() >= 2).count())
        .isEqualTo(held.size() == 1 && held.getFirst().losses() >= 2 ? 1 : 0);
    assertThat(queue.admin().items(ItemState.DEAD)).isEmpty();
    Set<String> done = new HashSet<>(Bench.texts(held));
    List<Lease> last = session.step(Bench.complete(held), 5).leases();
    while (!last.isEmpty()) {
      if (last.stream().anyMatch(lease -> lease.losses() >= 2)) {
        assertThat(last).hasSize(1);
        assertThat(session.holds()).isEqualTo(1);
      }
      done.addAll(Bench.texts(last));
      last = session.step(Bench.complete(last), 5).leases();
    }
    assertThat(done).hasSize(4);
  }

  @Test
  void whatASessionHeldInSeveralPartitionsGoesToOthersWhenItExpires() {
    queue.fill(Bench.numbers(8));
    Session crashed = Bench.session(queue);
    List<Lease> leases = leaseAll(crashed);
    bench.advance(Bench.LEASE_TIMEOUT.multipliedBy(3));
    queue.state();
    bench.advance(Bench.LEASE_TIMEOUT.plusMillis(1));
    QueueState state = queue.state();
    assertThat(state).isInstanceOf(QueueState.Ready.class);
    assertThat(Bench.drain(Bench.session(queue))).hasSize(8);
    assertThat(crashed.step(Bench.complete(leases), 0).refused()).hasSize(8);
    assertThat(queue.admin().status().counts().done()).isEqualTo(8);
  }

  @Test
  void pauseSettingsAndPurgeReachAllPartitions() {
    queue.fill(Bench.numbers(8));
    queue.admin().pause("lunch");
    assertThat(Bench.session(queue).lease(1).state()).isInstanceOf(QueueState.Paused.class);
    queue.admin().resume();
    queue.admin().set("attempts", "7");
    queue.admin().set("results-max", "8m");
    assertThat(queue.settings().attempts()).isEqualTo(7);
    assertThat(queue.admin().partitions()).allMatch(part -> part.settings().attempts() == 7);
    assertThat(queue.admin().partitions())
        .allMatch(part -> part.settings().resultsMax() == 2 << 20);
    assertThatThrownBy(() -> queue.admin().set("partitions", "2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("never change");
    assertThat(queue.admin().purge()).isEqualTo(8);
    assertThat(bench.state("partitions")).isNull();
    assertThat(queue.fill(Bench.numbers(4)).added()).isEqualTo(4);
    assertThat(waitingByPartition()).containsExactly(1L, 1L, 1L, 1L);
  }
}
