package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.internal.fill.SingleProducer;
import dev.piecework.internal.session.SingleSession;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds of payloads and results bind everybody, not only those who run commands. */
class ResultSizeTest {

  private final Bench bench = Bench.shared();

  @AfterEach
  void close() {
    bench.close();
  }

  @ParameterizedTest
  @EnumSource(Keep.class)
  void aResultThatIsTooLargeIsRefusedAndTheLeaseIsStillHeld(Keep keep) {
    WorkQueue queue = bench.with(Bench.SETTINGS.withKeep(keep).withResultMax(100));
    queue.fill(Bench.items("a", "b"));
    Lease lease = queue.lease(Duration.ZERO).orElseThrow();
    assertThatThrownBy(() -> lease.complete(new byte[101]))
        .isInstanceOf(ResultTooLargeException.class)
        .hasMessage(
            "the result of item 1 has 101 bytes, the queue takes results up to 100 (result-max)");
    assertThatThrownBy(() -> Settlement.complete(lease, new byte[101]))
        .isInstanceOf(ResultTooLargeException.class);
    assertThat(queue.admin().status().counts().leased()).isEqualTo(1);
    lease.complete(new byte[100]);
    queue.lease(Duration.ZERO).orElseThrow().complete();
    assertThat(queue.isDrained()).isTrue();
    assertThat(queue.admin().status().counts().done()).isEqualTo(2);
  }

  @Test
  void aBoundThatIsChangedHoldsFromTheNextHeartbeatOn() {
    WorkQueue queue = bench.with(Bench.SETTINGS.withKeep(Keep.RESULTS).withResultMax(100));
    queue.fill(Bench.items("a", "b"));
    SingleSession session = (SingleSession) Bench.session(queue);
    List<Lease> leases = session.lease(2).leases();
    bench.open().admin().set("result-max", "10");
    assertThat(session.beat()).isTrue();
    assertThatThrownBy(() -> leases.get(0).complete(new byte[11]))
        .isInstanceOf(ResultTooLargeException.class);
    bench.open().admin().set("result-max", "1k");
    session.beat();
    leases.get(0).complete(new byte[1_000]);
    assertThat(queue.results().findFirst().orElseThrow().result()).hasSize(1_000);
  }

  /** A worker that runs keeps results, or no longer, as the queue says now. */
  @Test
  void whatIsKeptOfDoneItemsIsFollowedToo() {
    WorkQueue queue = bench.with(Bench.SETTINGS.withKeep(Keep.COUNTS));
    queue.fill(Bench.items("a", "b"));
    SingleSession session = (SingleSession) Bench.session(queue);
    List<Lease> leases = session.lease(2).leases();
    leases.get(0).complete(new byte[1]);
    queue.admin().set("keep", "results");
    session.beat();
    leases.get(1).complete(new byte[2]);
    assertThat(queue.results().map(Result::id)).containsExactly("2");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void everyWayToFillRefusesAPayloadThatIsTooLarge(int partitions) {
    WorkQueue queue = bench.with(Bench.SETTINGS.withPayloadMax(10).withPartitions(partitions));
    Item large = Item.of("elf letters");
    for (Item item :
        List.of(
            large,
            large.withId("x"),
            large.withPriority(Priority.HIGH),
            large.withDelay(Duration.ofMinutes(1)))) {
      assertThatThrownBy(() -> queue.fill(java.util.stream.Stream.of(Item.of("ok"), item)))
          .isInstanceOf(FillRefusedException.class)
          .hasMessage("record 2 has 11 bytes, the queue takes payloads up to 10 (payload-max)");
    }
    Producer producer = queue.produce(FillOptions.as("scan"));
    producer.add(Item.of("ten bytes!"));
    assertThat(producer.finish().added()).isEqualTo(1);
  }

  @Test
  void aBoundOfPayloadsThatIsChangedHoldsForAFillThatRuns() {
    WorkQueue queue = bench.with(Bench.SETTINGS.withPayloadMax(10));
    SingleProducer producer = (SingleProducer) queue.produce(FillOptions.as("scan"));
    bench.open().admin().set("payload-max", "20");
    producer.beat();
    producer.add(Item.of("elf letters"));
    assertThat(producer.finish().added()).isEqualTo(1);
  }
}
