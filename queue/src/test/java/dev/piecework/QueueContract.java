package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.QueueStatus.ProducerState;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract: what people do with a queue, and what they see of it. */
@Tag("slow")
public abstract class QueueContract extends WorkQueueContract {

  /** Where somebody can look: of items that are gone. */
  void nothingIsKeptOfThem() {}

  /** Likewise: of results that were dropped. */
  void theirPlaceIsFree() {}

  @Test
  void anItemIsDroppedOrRunNowWhateverItsState() {
    queue.fill(
        Stream.of("leased", "dead", "delayed", "back").map(name -> Item.of(name).withId(name)));
    queue.fill(Bench.items("a", "b"));
    for (Lease lease : queue.lease(4, AT_ONCE)) {
      switch (lease.id()) {
        case "dead" -> lease.bury("no");
        case "delayed" -> lease.retry("later", Duration.ofHours(5));
        case "back" -> lease.release();
        default -> {}
      }
    }
    assertThat(queue.admin().requeueItem("leased")).isEmpty();
    assertThat(queue.admin().requeueItem("delayed")).contains(ItemState.DELAYED);
    assertThat(queue.admin().requeueItem("dead")).contains(ItemState.DEAD);
    assertThat(queue.admin().dropItem("back")).contains(ItemState.WAITING);
    assertThat(queue.admin().dropItem("leased")).contains(ItemState.LEASED);
    assertThat(queue.admin().dropItem("nobody")).isEmpty();
    assertThat(queue.admin().dropWaiting("b".getBytes(UTF_8))).isTrue();
    assertThat(queue.admin().dropWaiting("b".getBytes(UTF_8))).isFalse();
    assertThat(Bench.drain(Bench.session(queue))).containsExactly("delayed", "dead", "a");
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void aRunIsStoppedEarlyWhenEverythingFailsForOneCause() {
    queue.fill(Bench.numbers(40));
    for (Lease lease : queue.lease(29, AT_ONCE)) {
      lease.bury("no such command");
    }
    assertThat(queue.admin().stopEarly(StopEarly.auto())).isEmpty();
    assertThat(queue.admin().stopEarly(new StopEarly.DeadItems(29))).isEmpty();
    assertThat(queue.admin().stopEarly(new StopEarly.DeadItems(28)))
        .hasValueSatisfying(why -> assertThat(why).startsWith(QueueState.Paused.STOPPED_EARLY));
    assertThat(queue.state())
        .isInstanceOfSatisfying(
            QueueState.Paused.class, paused -> assertThat(paused.isStoppedEarly()).isTrue());
    queue.admin().resume();
    assertThat(queue.state()).isInstanceOf(QueueState.Ready.class);
  }

  @Test
  void requeuedItemsWaitAgainWithFreshBudgetsAndKeepTheirEvidence() {
    queue.fill(Bench.items("a", "b", "c"));
    for (Lease lease : queue.lease(3, AT_ONCE)) {
      lease.bury(lease.text().equals("b") ? "disk full" : "unreadable");
    }
    assertThat(queue.isDrained()).isTrue();
    assertThat(queue.admin().items(new DeadItems.All())).hasSize(3);
    assertThat(queue.admin().items(new DeadItems.WithId("4"))).isEmpty();
    assertThat(queue.admin().items(new DeadItems.WithError("full")))
        .singleElement()
        .satisfies(item -> {
          assertThat(item.id()).isEqualTo("2");
          assertThat(item.state()).isEqualTo(ItemState.DEAD);
          assertThat(item.error()).isEqualTo("disk full");
        });
    assertThat(queue.admin().requeue(new DeadItems.WithError("full"))).isEqualTo(1);
    assertThat(queue.admin().requeue(new DeadItems.WithId("1"))).isEqualTo(1);
    assertThat(queue.admin().requeue(new DeadItems.WithId("1"))).isZero();
    assertThat(queue.isDrained()).isFalse();
    List<Lease> again = queue.lease(5, AT_ONCE);
    assertThat(Bench.texts(again)).containsExactly("b", "a");
    assertThat(again).allMatch(lease -> lease.attempt() == 1);
    assertThat(queue.admin().item("2").orElseThrow().history())
        .singleElement()
        .asString()
        .contains("full");
    assertThat(queue.admin().requeue(new DeadItems.All())).isEqualTo(1);
    assertThat(queue.admin().status().counts()).isEqualTo(new QueueStatus.Counts(1, 2, 0, 0, 0, 0));
  }

  @Test
  void aShortTextIsKeptWithTheRunThatIsThere() {
    assertThat(queue.admin().note("how", "x")).as("no run yet").isFalse();
    assertThat(queue.admin().note("how")).isEmpty();
    queue.fill(Bench.items("a"));
    assertThat(queue.admin().note("how", "first")).isTrue();
    assertThat(queue.admin().note("how", "\u00e9".repeat(3_000))).isTrue();
    assertThat(queue.admin().note("how")).contains("\u00e9".repeat(2_048));
    for (int i = 1; i < 16; i++) {
      assertThat(queue.admin().note("n" + i, "x")).isTrue();
    }
    assertThat(queue.admin().note("one-too-many", "x")).isFalse();
    assertThat(queue.admin().note("how", "last")).isTrue();
    assertThatThrownBy(() -> queue.admin().note("No name", "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("No name");
    queue.lease(1, AT_ONCE).forEach(Lease::complete);
    assertThat(queue.isDrained()).isTrue();
    assertThat(queue.admin().note("how")).as("as long as the results").contains("last");
    queue.fill(Bench.items("b"));
    assertThat(queue.admin().note("how")).as("of another run").isEmpty();
  }

  @Test
  void droppedItemsAreGoneWithTheirEvidence() {
    queue.fill(Bench.items("a", "b", "c"));
    queue.lease(3, AT_ONCE).forEach(lease -> lease.bury("no " + lease.text()));
    assertThat(queue.admin().drop(new DeadItems.WithError("no b"))).isEqualTo(1);
    assertThat(queue.admin().drop(new DeadItems.All())).isEqualTo(2);
    assertThat(queue.admin().item("1")).isEmpty();
    assertThat(queue.admin().status().counts().dead()).isZero();
    nothingIsKeptOfThem();
  }

  @Test
  void allDeadItemsAreMovedHoweverMany() {
    queue.fill(Bench.numbers(1_234));
    Session session = Bench.session(queue);
    for (int i = 0; i < 2; i++) {
      LeaseBatch batch = session.lease(1_000);
      session.step(
          batch.leases().stream()
              .<Settlement>map(l -> new Settlement.Bury(l, l.text().endsWith("7") ? "seven" : "x"))
              .toList(),
          0);
    }
    assertThat(queue.admin().requeue(new DeadItems.WithError("seven"))).isEqualTo(123);
    assertThat(queue.admin().drop(new DeadItems.All())).isEqualTo(1_111);
    assertThat(Bench.drain(session)).hasSize(123);
  }

  @Test
  void aPausedQueueLeasesNothingButLetsWorkEnd() {
    queue.fill(Bench.items("a", "b"));
    Lease held = queue.lease(AT_ONCE).orElseThrow();
    queue.admin().pause("disk is full");
    queue.admin().pause("second reason");
    assertThat(queue.state()).isEqualTo(new QueueState.Paused("disk is full"));
    Session session = Bench.session(queue);
    assertThat(session.lease(1).state()).isEqualTo(new QueueState.Paused("disk is full"));
    held.complete();
    assertThat(queue.admin().status().pausedFor()).isEqualTo("disk is full");
    queue.admin().resume();
    assertThat(Bench.texts(session.lease(1))).containsExactly("b");
  }

  @Test
  void neitherAPauseNorFullResultsHideThatTheBagIsDrained() {
    queue = bench.with(Bench.SETTINGS.withKeep(Keep.RESULTS).withResultsMax(1_000));
    queue.fill(Bench.items("a", "b"));
    Session session = Bench.session(queue);
    List<Lease> leases = session.lease(2).leases();
    queue.admin().pause("lunch");
    Settlement first = Settlement.complete(leases.get(0), new byte[2_000]);
    assertThat(session.step(List.of(first), 1).state()).isEqualTo(new QueueState.Paused("lunch"));
    queue.admin().resume();
    assertThat(session.lease(1).state()).isInstanceOf(QueueState.ResultsFull.class);
    queue.admin().pause("lunch");
    Settlement last = Settlement.complete(leases.get(1), new byte[2_000]);
    assertThat(session.step(List.of(last), 1).state()).isInstanceOf(QueueState.Drained.class);
    assertThat(queue.lease(Duration.ofHours(1))).isEmpty();
  }

  @Test
  void aPurgeRemovesEverythingAndTellsTheWorkers() {
    bench.with(Bench.SETTINGS.withKeep(Keep.HISTORY)).fill(Bench.numbers(10));
    queue.fill(Stream.of(Item.of("x").withPriority(Priority.HIGH), Item.of("y").withId("y")));
    WorkQueue worker = bench.open();
    Session session = Bench.session(worker);
    List<Lease> leases = session.lease(4).leases();
    leases.get(0).complete("r".getBytes(UTF_8));
    leases.get(1).bury("b");
    leases.get(2).retry("r");
    assertThat(queue.admin().purge()).isEqualTo(12);
    assertThatThrownBy(leases.get(3)::complete).isInstanceOf(LeaseLostException.class);
    assertThat(session.lease(1).state()).isInstanceOf(QueueState.Lost.class);
    session.close();
    worker.close();
    queue.close();
    WorkQueue late = bench.open();
    assertThat(late.state()).isEqualTo(new QueueState.NeverFilled());
    assertThat(late.admin().status().counts().total()).isZero();
    late.fill(Bench.items("new"));
    assertThat(late.lease(AT_ONCE).orElseThrow().id()).isEqualTo("1");
  }

  @Test
  void aPurgedQueueIsNotSpoiltByASessionThatGoesOn() {
    queue.fill(Bench.items("a"));
    Session session = Bench.session(queue);
    session.lease(1);
    bench.open().admin().purge();
    session.lease(1);
    session.lease(1);
    WorkQueue late = bench.open();
    assertThat(late.admin().status().settings().leaseTimeout()).isEqualTo(Bench.LEASE_TIMEOUT);
    assertThat(late.settings().attempts()).isEqualTo(3);
  }

  @Test
  void settingsAreThoseOfTheFirstCreator() {
    QueueSettings first = Bench.SETTINGS.withAttempts(1).withKeep(Keep.RESULTS);
    bench.with(first).fill(Bench.items("a", "b"));
    WorkQueue second = bench.with(Bench.SETTINGS.withAttempts(9));
    assertThat(second.settings().attempts()).isEqualTo(1);
    assertThat(second.settings().keep()).isEqualTo(Keep.RESULTS);
    second.lease(AT_ONCE).orElseThrow().retry("no");
    assertThat(second.admin().status().counts().dead()).isEqualTo(1);
    second.admin().set("attempts", "2");
    assertThat(queue.settings().attempts()).isEqualTo(2);
    second.lease(AT_ONCE).orElseThrow().retry("no", AT_ONCE);
    assertThat(second.admin().status().counts().delayed()).isEqualTo(1);
    assertThatThrownBy(() -> second.admin().set("attemps", "5"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("attempts");
    assertThatThrownBy(() -> second.admin().set("attempts", "0"))
        .hasMessageContaining("at least 1");
  }

  @Test
  void resultsAreNumberedReadOnceAndDroppedUpToANumber() {
    bench.with(Bench.SETTINGS.withKeep(Keep.RESULTS)).fill(Bench.numbers(5));
    for (Lease lease : queue.lease(5, AT_ONCE)) {
      lease.complete(("r" + lease.id()).getBytes(UTF_8));
    }
    assertThat(queue.results().map(Result::sequence)).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(
            queue.admin().resultLogs().getFirst().after(2, 2).stream()
                .map(r -> new String(r.result(), UTF_8)))
        .containsExactly("r3", "r4");
    queue.admin().resultLogs().getFirst().dropUpTo(3);
    queue.admin().resultLogs().getFirst().dropUpTo(2);
    assertThat(queue.results().map(Result::sequence)).containsExactly(4L, 5L);
    assertThat(queue.admin().resultLogs().getFirst().after(0, 9)).hasSize(2);
    queue.admin().resultLogs().getFirst().dropUpTo(5);
    assertThat(queue.results()).isEmpty();
    theirPlaceIsFree();
    assertThat(queue.admin().items(ItemState.DONE)).isEmpty();
  }

  @Test
  void itemsAreFoundInEveryState() {
    queue.fill(Bench.numbers(6));
    List<Lease> leases = queue.lease(4, AT_ONCE);
    leases.get(0).bury("why");
    leases.get(1).retry("later", Duration.ofMinutes(5));
    leases.get(2).release();
    assertThat(queue.admin().items(ItemState.WAITING).map(i -> new String(i.payload(), UTF_8)))
        .containsExactly("n3", "n5", "n6");
    assertThat(queue.admin().items(ItemState.LEASED).map(ItemView::id)).containsExactly("4");
    assertThat(queue.admin().items(ItemState.DELAYED).map(ItemView::id)).containsExactly("2");
    assertThat(queue.admin().items(ItemState.DEAD).map(ItemView::id)).containsExactly("1");
    assertThat(queue.admin().item("1").orElseThrow().state()).isEqualTo(ItemState.DEAD);
    assertThat(queue.admin().item("2").orElseThrow().age()).isEqualTo(Duration.ofMinutes(-5));
    assertThat(queue.admin().item("3").orElseThrow().state()).isEqualTo(ItemState.WAITING);
    assertThat(queue.admin().item("4").orElseThrow().state()).isEqualTo(ItemState.LEASED);
    assertThat(queue.admin().item("77")).isEmpty();
    assertThatThrownBy(() -> ItemState.of("wating")).hasMessageContaining("waiting");
  }

  @Test
  void theStatusShowsSessionsProducersAndSettings() {
    Producer producer = queue.produce(FillOptions.as("scan"));
    producer.add(Item.of("a"));
    producer.flush();
    Session session = Bench.session(bench.open());
    session.lease(1);
    QueueStatus status = queue.admin().status();
    assertThat(status.producers())
        .singleElement()
        .matches(
            p -> p.source().equals("scan") && p.state() == ProducerState.OPEN && p.filled() == 1);
    assertThat(status.sessions())
        .singleElement()
        .matches(s -> s.id().equals(session.id()) && s.holds() == 1 && !s.expired());
    assertThat(status.state()).isInstanceOf(QueueState.NotYet.class);
    assertThat(((QueueState.NotYet) status.state()).text())
        .isEqualTo("1 leased by 1 session, producer 'scan'");
    producer.finish();
    assertThat(queue.admin().names()).contains(bench.name());
  }
}
