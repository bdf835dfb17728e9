package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.internal.session.SingleSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One item that a person wants out of the queue, or worked on now, wherever it is. */
class OneItemTest {

  private final Bench bench = Bench.shared();

  @AfterEach
  void close() {
    bench.close();
  }

  private WorkQueue queue(int partitions) {
    return bench.with(Bench.SETTINGS.withPartitions(partitions).withKeep(Keep.RESULTS));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anItemIsDroppedWhateverItsStateButDone(int partitions) {
    WorkQueue queue = queue(partitions);
    queue.fill(
        Stream.of("leased", "dead", "delayed", "released", "done", "lost once", "lost twice")
            .map(name -> Item.of(name).withId(name)));
    Session session = Bench.session(queue);
    List<Lease> leases = new ArrayList<>();
    for (LeaseBatch batch = session.lease(9); !batch.leases().isEmpty(); batch = session.lease(9)) {
      leases.addAll(batch.leases());
    }
    assertThat(leases).hasSize(7);
    for (Lease lease : leases) {
      switch (lease.text()) {
        case "dead" -> lease.bury("no");
        case "delayed" -> lease.retry("later", Duration.ofMinutes(5));
        case "released" -> lease.release();
        case "done" -> lease.complete();
        default -> {}
      }
    }
    queue.fill(
        Stream.of(
            Item.of("high").withId("high").withPriority(Priority.HIGH),
            Item.of("normal").withId("normal"),
            Item.of("low").withId("low").withPriority(Priority.LOW),
            Item.of("postponed").withId("postponed").withDelay(Duration.ofHours(1))));
    assertThat(queue.admin().dropItem("dead")).contains(ItemState.DEAD);
    assertThat(queue.admin().dropItem("delayed")).contains(ItemState.DELAYED);
    assertThat(queue.admin().dropItem("postponed")).contains(ItemState.DELAYED);
    for (String waiting : List.of("released", "high", "normal", "low")) {
      assertThat(queue.admin().dropItem(waiting)).as(waiting).contains(ItemState.WAITING);
      assertThat(queue.admin().dropItem(waiting)).as(waiting).isEmpty();
    }
    assertThat(queue.admin().dropItem("leased")).contains(ItemState.LEASED);
    assertThat(queue.admin().dropItem("done")).isEmpty();
    assertThat(queue.admin().dropItem("17")).isEmpty();
    assertThat(queue.admin().status().counts()).isEqualTo(new QueueStatus.Counts(0, 2, 0, 1, 0, 0));
    for (Lease lease : leases.stream().filter(l -> l.text().startsWith("lost")).toList()) {
      lease.complete();
    }
    assertThat(queue.isDrained()).isTrue();
    assertThat(bench.keys()).doesNotContain("parked", "tries", "evidence", "delayed", "returned");
  }

  /** A future was told that its item is gone, which was leased while it was looked for. */
  @Test
  void anItemThatGoesOnWhileItIsLookedForIsFound() throws Exception {
    int many = 300;
    WorkQueue queue = queue(1);
    queue.fill(IntStream.range(0, many).mapToObj(i -> Item.of("n").withId("id " + i)));
    Session session = Bench.session(bench.open());
    AtomicInteger next = new AtomicInteger();
    Thread worker =
        Thread.ofPlatform()
            .start(() -> {
              while (next.get() < many) {
                session.lease(1).leases().forEach(Lease::complete);
                next.incrementAndGet();
              }
            });
    while (next.get() < many) {
      String id = "id " + Math.min(next.get(), many - 1);
      assertThat(queue.admin().item(id)).as(id).isPresent();
    }
    worker.join();
  }

  @Test
  void anItemIsFoundHoweverManyWaitBeforeAndBehindIt() {
    WorkQueue queue = queue(1);
    queue.fill(IntStream.range(0, 250).mapToObj(i -> Item.of("n").withId("id " + i)));
    for (int i = 0; i < 250; i++) {
      assertThat(queue.admin().item("id " + i).map(ItemView::state)).contains(ItemState.WAITING);
    }
    assertThat(queue.admin().item("id 250")).isEmpty();
  }

  @Test
  void whatWasLostIsFoundAmongThoseThatAreLeasedAlone() {
    WorkQueue queue = queue(1);
    queue.fill(Bench.items("a", "b"));
    Session other = Bench.session(bench.open());
    for (int loss = 0; loss < 2; loss++) {
      Bench.session(bench.open()).lease(1);
      bench.expireExcept(other);
      bench.reap();
    }
    assertThat(queue.admin().dropItem("1")).contains(ItemState.WAITING);
    assertThat(Bench.drain(other)).containsExactly("b");
    assertThat(queue.isDrained()).isTrue();
  }

  /** Fencing: what a worker makes of an item that was dropped under it changes nothing. */
  @Test
  void theLeaseOfADroppedItemIsLostForEverySettlement() {
    WorkQueue queue = queue(1);
    queue.fill(Bench.numbers(5));
    Session session = Bench.session(queue);
    List<Lease> leases = session.lease(5).leases();
    for (Lease lease : leases.subList(0, 4)) {
      assertThat(queue.admin().dropItem(lease.id())).contains(ItemState.LEASED);
    }
    assertThat(session.step(List.of(), 0).refused()).isEmpty();
    assertThatThrownBy(() -> leases.get(0).complete("late".getBytes(UTF_8)))
        .isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> leases.get(1).retry("late")).isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> leases.get(2).bury("late")).isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(leases.get(3)::release).isInstanceOf(LeaseLostException.class);
    leases.get(4).complete("in time".getBytes(UTF_8));
    assertThat(queue.results().map(Result::id)).containsExactly("5");
    assertThat(queue.admin().status().counts()).isEqualTo(new QueueStatus.Counts(0, 0, 0, 1, 0, 0));
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void settlementsThatCarryADroppedItemCommitTheOthers() {
    WorkQueue queue = queue(1);
    queue.fill(Bench.numbers(4));
    Session session = Bench.session(queue);
    List<Lease> leases = session.lease(3).leases();
    queue.admin().dropItem("2");
    LeaseBatch batch = session.step(Bench.complete(leases), 1);
    assertThat(batch.refused())
        .extracting(settlement -> settlement.lease().id())
        .containsExactly("2");
    assertThat(queue.results().map(Result::id)).containsExactly("1", "3");
    assertThat(session.step(Bench.complete(batch.leases()), 9).state())
        .isInstanceOf(batch.leases().isEmpty() ? QueueState.Ready.class : QueueState.Drained.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void itsHolderIsToldOnceWithTheNextHeartbeat(int partitions) {
    WorkQueue queue = queue(partitions);
    queue.fill(Stream.of(Item.of("a").withId("a"), Item.of("b").withId("b")));
    Session session = Bench.session(queue);
    List<Lease> told = new ArrayList<>();
    session.onDropped(told::add);
    List<Lease> leases = new ArrayList<>();
    for (LeaseBatch batch = session.lease(9); !batch.leases().isEmpty(); batch = session.lease(9)) {
      leases.addAll(batch.leases());
    }
    assertThat(leases).hasSize(2);
    Lease dropped = leases.getFirst();
    queue.admin().dropItem(dropped.id());
    SingleSession holder = (SingleSession) dropped.session();
    for (int beat = 0; beat < 3; beat++) {
      holder.beat();
      assertThat(told).containsExactly(dropped);
      assertThat(session.holds()).isEqualTo(1);
    }
    assertThat(bench.keys()).doesNotContain("stops");
    leases.getLast().complete();
    assertThat(queue.isDrained()).isTrue();
  }

  /** The next run counts ids anew: its item of the same id is another one. */
  @Test
  void anItemOfTheNextRunIsNotTakenForTheDroppedOne() {
    WorkQueue queue = queue(1);
    Session service =
        queue.session(SessionInfo.local("tester", 1), SessionOptions.DEFAULTS.followingRuns());
    List<Lease> told = new ArrayList<>();
    service.onDropped(told::add);
    bench.open().fill(Bench.items("a"));
    assertThat(service.lease(1).leases()).hasSize(1);
    queue.admin().dropItem("1");
    assertThat(service.lease(1).leases()).isEmpty();
    bench.open().fill(Bench.items("b"));
    Lease next = service.lease(1).leases().getFirst();
    assertThat(next.id()).isEqualTo("1");
    ((SingleSession) service).beat();
    assertThat(told).extracting(Lease::text).containsExactly("a");
    assertThat(service.holds()).isEqualTo(1);
    next.complete();
  }

  @Test
  void aWaitingItemWithoutAnIdIsNamedByItsPayload() {
    WorkQueue queue = queue(1);
    queue.fill(Bench.items("a", "b", "a", "c"));
    assertThat(queue.admin().dropItem("2")).isEmpty();
    assertThat(queue.admin().dropWaiting("a".getBytes(UTF_8))).isTrue();
    assertThat(queue.admin().dropWaiting("x".getBytes(UTF_8))).isFalse();
    assertThat(
            queue.admin().items(ItemState.WAITING).map(item -> new String(item.payload(), UTF_8)))
        .containsExactly("b", "a", "c");
    assertThat(queue.admin().dropWaiting("c".getBytes(UTF_8))).isTrue();
    List<Lease> leases = Bench.session(queue).lease(9).leases();
    assertThat(Bench.texts(leases)).containsExactly("b", "a");
    assertThat(queue.admin().dropWaiting("a".getBytes(UTF_8))).as("it is leased").isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aDelayedItemIsRunNow(int partitions) {
    WorkQueue queue = queue(partitions);
    queue.fill(
        Stream.of(
            Item.of("later").withId("later").withDelay(Duration.ofHours(9)),
            Item.of("failed").withId("failed")));
    Session session = Bench.session(queue);
    Lease failed = session.lease(1).leases().getFirst();
    failed.retry("not yet", Duration.ofHours(1));
    assertThat(queue.admin().requeueItem("later")).contains(ItemState.DELAYED);
    assertThat(queue.admin().requeueItem("later")).isEmpty();
    assertThat(queue.admin().requeueItem("failed")).contains(ItemState.DELAYED);
    // Another session: the first may still pass by a partition in which it has just found nothing.
    Session next = Bench.session(queue);
    List<Lease> leases = new ArrayList<>();
    for (LeaseBatch batch = next.lease(9); !batch.leases().isEmpty(); batch = next.lease(9)) {
      leases.addAll(batch.leases());
    }
    assertThat(leases).extracting(Lease::text).containsExactlyInAnyOrder("later", "failed");
    assertThat(leases)
        .as("what was counted stays counted")
        .allMatch(lease -> lease.attempt() == (lease.text().equals("failed") ? 2 : 1));
    leases.getFirst().bury("no");
    assertThat(queue.admin().requeueItem(leases.getFirst().id())).contains(ItemState.DEAD);
    assertThat(queue.admin().requeueItem(leases.getLast().id())).as("it is leased").isEmpty();
  }

  /** A worker that was told how many items there are does not take a dropped one for lost. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void whatWasDroppedIsNotMissed(int partitions) {
    WorkQueue queue = queue(partitions);
    queue.fill(Stream.of("a", "b", "c").map(name -> Item.of(name).withId(name)));
    WorkQueue careful = bench.open().with(SessionOptions.DEFAULTS.withExpect(3));
    queue.admin().dropItem("a");
    Session session = Bench.session(careful);
    Lease lease = session.lease(1).leases().getFirst();
    lease.bury("no");
    queue.admin().drop(new DeadItems.All());
    Bench.drain(session);
    assertThat(careful.state()).isInstanceOf(QueueState.Drained.class);
  }
}
