package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract: leasing, the four ends of a lease, order and bounds. */
@Tag("slow")
public abstract class LeaseContract extends WorkQueueContract {

  @Test
  void whatIsFilledIsLeasedInOrderCompletedAndThenDrained() {
    FillReport report = queue.fill(Bench.items("apple", "banana", "cherry"));
    assertThat(report.added()).isEqualTo(3);
    assertThat(queue.isDrained()).isFalse();

    List<Lease> leases = queue.lease(10, AT_ONCE);
    assertThat(Bench.texts(leases)).containsExactly("apple", "banana", "cherry");
    assertThat(Bench.ids(leases)).containsExactly("1", "2", "3");
    assertThat(queue.isDrained()).isFalse();

    leases.forEach(Lease::complete);
    assertThat(queue.state()).isEqualTo(new QueueState.Drained(queue.run().orElseThrow(), 3, 0));
    assertThat(queue.lease(AT_ONCE)).isEmpty();
  }

  @Test
  void oneStepCompletesAndLeasesTheNextBatch() {
    queue.fill(Bench.numbers(5));
    Session session = Bench.session(queue);
    LeaseBatch first = session.lease(2);
    LeaseBatch second = session.step(Bench.complete(first.leases()), 2);
    assertThat(Bench.texts(second)).containsExactly("n3", "n4");
    assertThat(second.left()).isEqualTo(1);
    assertThat(queue.admin().status().counts()).isEqualTo(new QueueStatus.Counts(1, 2, 0, 2, 0, 0));
  }

  /** Guards against a lease that a user's test made, or another session gave: it ends nothing. */
  @Test
  void aLeaseThatASessionDidNotGiveIsRefused() {
    queue.fill(Bench.items("apple"));
    Session session = Bench.session(queue);
    Lease held = session.lease(1).leases().getFirst();
    Lease copy =
        (Lease)
            Proxy.newProxyInstance(
                Lease.class.getClassLoader(),
                new Class<?>[] {Lease.class},
                (proxy, method, args) ->
                    switch (method.getName()) {
                      case "hashCode" -> 1;
                      case "equals" -> false;
                      default -> method.invoke(held, args);
                    });
    assertThat(session.step(List.of(Settlement.complete(copy)), 0).refused()).hasSize(1);
    assertThat(queue.admin().status().counts().leased()).isEqualTo(1);
    assertThat(session.step(List.of(Settlement.complete(held)), 0).refused()).isEmpty();
  }

  @Test
  void aRetriedItemComesBackWhenDueAndIsDeadWhenItsAttemptsAreUsedUp() {
    queue.fill(Bench.items("bad"));
    for (int attempt = 1; attempt <= 3; attempt++) {
      Lease lease = queue.lease(AT_ONCE).orElseThrow();
      assertThat(lease.attempt()).isEqualTo(attempt);
      lease.retry("reason " + attempt, Duration.ofSeconds(10));
      bench.advance(Duration.ofSeconds(9));
      assertThat(queue.lease(AT_ONCE)).isEmpty();
      bench.advance(Duration.ofSeconds(1));
    }
    assertThat(queue.lease(AT_ONCE)).isEmpty();
    ItemView dead = queue.admin().items(ItemState.DEAD).findFirst().orElseThrow();
    assertThat(dead.error()).isEqualTo("reason 3");
    assertThat(dead.attempts()).isEqualTo(new ItemView.Attempts(3, 3, 0));
    assertThat(dead.history()).hasSize(3);
    assertThat(dead.payload()).isEqualTo("bad".getBytes(UTF_8));
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void theBackOffGrowsFromStepToStep() {
    bench.with(Bench.SETTINGS.withAttempts(6)).fill(Bench.items("bad"));
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      queue.lease(AT_ONCE).orElseThrow().retry("no");
      ItemView delayed = queue.admin().items(ItemState.DELAYED).findFirst().orElseThrow();
      delays.add(-Objects.requireNonNull(delayed.age()).toMillis());
      bench.advance(Duration.ofMinutes(8));
    }
    List<Integer> bounds = List.of(0, 1, 2, 4, 8);
    assertThat(delays.getFirst()).isBetween(0L, 60_000L);
    for (int i = 1; i < 4; i++) {
      assertThat(delays.get(i)).isBetween(bounds.get(i) * 60_000L, bounds.get(i + 1) * 60_000L);
    }
    assertThat(delays.get(4)).isBetween(4 * 60_000L, 8 * 60_000L);
  }

  @Test
  void notYetIsNoAttemptUntilTheHundredthTime() {
    queue.fill(Bench.items("early"));
    Session session = Bench.session(queue);
    for (int i = 1; i <= 102; i++) {
      LeaseBatch batch = session.lease(1);
      assertThat(batch.leases()).hasSize(1);
      session.step(List.of(new Settlement.NotYet(batch.leases().getFirst(), "try later")), 0);
      bench.advance(Duration.ofMinutes(8));
      bench.beat(session); // else who looks for expired sessions, a second later, may find this one
    }
    assertThat(queue.admin().items(ItemState.DEAD)).hasSize(1);
  }

  @Test
  void aBuriedItemIsDeadAtOnceWithItsEvidence() {
    queue.fill(Bench.items("bad", "good"));
    queue.lease(AT_ONCE).orElseThrow().bury("unreadable\nin two lines");
    assertThat(queue.admin().items(ItemState.DEAD).map(ItemView::error))
        .containsExactly("unreadable\nin two lines");
    assertThat(queue.admin().status().counts()).isEqualTo(new QueueStatus.Counts(1, 0, 0, 0, 1, 0));
  }

  @Test
  void releasedItemsComeBackFirstAndInOrderAndNothingIsCounted() {
    queue.fill(Bench.numbers(5));
    Session session = Bench.session(queue);
    LeaseBatch batch = session.lease(3);
    session.step(batch.leases().stream().<Settlement>map(Settlement.Release::new).toList(), 0);
    List<Lease> again = session.lease(5).leases();
    assertThat(Bench.texts(again)).startsWith("n1", "n2", "n3");
    assertThat(again).allMatch(lease -> lease.attempt() == 1 && lease.losses() == 0);
    assertThat(Bench.ids(again)).startsWith("1", "2", "3");
  }

  @Test
  void aLeaseEndsOnce() {
    queue.fill(Bench.items("a"));
    Lease lease = queue.lease(AT_ONCE).orElseThrow();
    lease.complete();
    assertThatThrownBy(lease::complete).isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> lease.retry("x")).isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> lease.bury("x")).isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(lease::release).isInstanceOf(LeaseLostException.class);
    assertThat(queue.admin().status().counts()).isEqualTo(new QueueStatus.Counts(0, 0, 0, 1, 0, 0));
  }

  @Test
  void whatAnExpiredSessionHeldGoesToOthersAndItsSettlementsAreRefused() {
    queue.fill(Bench.items("a", "b", "c", "d", "e"));
    Session dead = Bench.session(queue);
    List<Lease> stale = dead.lease(4).leases();
    String before = dead.id();
    Session alive = Bench.session(bench.open());
    bench.expireExcept(alive);
    bench.reap();
    for (int i = 0; i < 4; i++) {
      LeaseBatch one = alive.lease(10);
      assertThat(one.leases()).singleElement().matches(lease -> lease.losses() == 1);
      assertThat(one.leases().getFirst().token()).isGreaterThan(stale.get(i).token());
      assertThat(alive.step(Bench.complete(one.leases()), 0).refused()).isEmpty();
    }
    assertThat(dead.step(Bench.complete(stale), 0).refused()).hasSize(4);
    assertThat(dead.lease(0).leases()).isEmpty();
    assertThat(dead.id()).isNotEqualTo(before);
    assertThat(queue.admin().status().counts()).isEqualTo(new QueueStatus.Counts(1, 0, 0, 4, 0, 0));
  }

  @Test
  void eachPriorityIsServedInTurnAndFirstInFirstOutWithin() {
    queue.fill(
        Stream.of(
            Item.of("low1").withPriority(Priority.LOW),
            Item.of("normal1"),
            Item.of("high1").withPriority(Priority.HIGH),
            Item.of("low2").withPriority(Priority.LOW),
            Item.of("high2").withPriority(Priority.HIGH),
            Item.of("normal2").withId("two"),
            Item.of("later").withDelay(Duration.ofMinutes(1))));
    bench.rpush("raw1");
    queue.fill(Bench.items("normal3"));
    queue.fill(Stream.of(Item.of("normal4").withId("four")));
    Session session = Bench.session(queue);
    Lease first = session.lease(1).leases().getFirst();
    assertThat(first.text()).isEqualTo("high1");
    first.release();
    bench.advance(Duration.ofMinutes(1));
    assertThat(Bench.drain(session))
        .containsExactly(
            "high1", "later", "high2", "normal1", "normal2", "raw1", "normal3", "normal4", "low1",
            "low2");
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void aBatchIsBoundedByItsBytesButHasAtLeastOneItem() {
    byte[] large = new byte[1 << 20];
    byte[] third = new byte[400_000];
    queue.fill(
        Stream.of(
            Item.of(large), Item.of(third), Item.of(third), Item.of(third), Item.of("small")));
    Session session = Bench.session(queue);
    assertThat(session.lease(10).leases()).hasSize(1);
    assertThat(session.lease(10).leases()).hasSize(2);
    assertThat(session.lease(10).leases()).hasSize(2);
  }

  @Test
  void aBatchHasAThousandItemsAtMost() {
    queue.fill(Bench.numbers(1_500));
    Session session = Bench.session(queue);
    LeaseBatch batch = session.lease(5_000);
    assertThat(batch.leases()).hasSize(1_000);
    LeaseBatch rest = session.lease(5_000);
    assertThat(rest.leases()).hasSize(500);
    List<Lease> all = new ArrayList<>(batch.leases());
    all.addAll(rest.leases());
    assertThat(session.step(Bench.complete(all), 1).refused()).isEmpty();
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void anyBytesPassThroughUnharmed() {
    byte[] every = new byte[256];
    for (int i = 0; i < 256; i++) {
      every[i] = (byte) i;
    }
    byte[] large = new byte[1 << 20];
    new java.util.Random(7).nextBytes(large);
    List<byte[]> payloads =
        List.of(
            every,
            new byte[0],
            "a\nb\r\n\tc\u001e".getBytes(UTF_8),
            "$(reboot) '\"-x".getBytes(UTF_8),
            large);
    bench.with(Bench.SETTINGS.withKeep(Keep.RESULTS)).fill(payloads.stream().map(Item::of));
    queue.fill(payloads.stream().map(p -> Item.of(p).withPriority(Priority.LOW)));
    WorkQueue other = bench.open();
    for (int i = 0; i < 10; i++) {
      Lease lease = other.lease(AT_ONCE).orElseThrow();
      assertThat(lease.payload()).isEqualTo(payloads.get(i % 5));
      lease.release();
      other.lease(AT_ONCE).orElseThrow().retry("\u0000\n\t", AT_ONCE);
      Lease again = other.lease(AT_ONCE).orElseThrow();
      assertThat(again.payload()).isEqualTo(payloads.get(i % 5));
      again.complete(again.payload());
    }
    assertThat(other.results())
        .hasSize(10)
        .allSatisfy(r -> assertThat(r.result()).isEqualTo(r.payload()));
  }

  @Test
  void equalPayloadsAreDifferentItems() {
    queue.fill(Bench.items("apple", "apple", "apple"));
    List<Lease> leases = queue.lease(3, AT_ONCE);
    assertThat(Bench.ids(leases)).doesNotHaveDuplicates().hasSize(3);
    leases.getFirst().complete();
    leases.get(1).retry("again", AT_ONCE);
    assertThat(queue.admin().status().counts()).isEqualTo(new QueueStatus.Counts(0, 1, 1, 1, 0, 0));
  }

  @Test
  void aDelayedItemWithALossIsLeasedAloneWhenItIsDue() {
    queue.fill(Bench.items("a"));
    Session dead = Bench.session(queue);
    dead.lease(1);
    Session alive = Bench.session(bench.open());
    bench.expireExcept(alive);
    bench.reap();
    Lease lost = alive.lease(1).leases().getFirst();
    alive.step(List.of(new Settlement.Retry(lost, "no", Optional.of(Duration.ofMinutes(1)))), 0);
    queue.fill(Bench.items("b"));
    bench.advance(Duration.ofMinutes(1));
    assertThat(Bench.texts(alive.lease(5))).containsExactly("a");
  }

  @Test
  void aHighItemThatDoesNotFitIntoTheBatchIsNotOvertakenByNormalOnes() {
    byte[] most = new byte[900_000];
    queue.fill(
        Stream.of(
            Item.of("normal"),
            Item.of(most).withPriority(Priority.HIGH),
            Item.of(most).withPriority(Priority.HIGH)));
    Session session = Bench.session(queue);
    LeaseBatch first = session.lease(5);
    assertThat(first.leases()).hasSize(1);
    LeaseBatch second = session.step(Bench.complete(first.leases()), 5);
    assertThat(second.leases()).hasSize(2);
    assertThat(second.leases().getFirst().payload()).hasSize(900_000);
  }
}
