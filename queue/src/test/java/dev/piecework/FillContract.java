package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract: filling, ids, sources. */
@Tag("slow")
public abstract class FillContract extends WorkQueueContract {

  private static final FillOptions UNIQUE = new FillOptions(null, false, true, false);

  @Test
  void idsOfAPlainFillAreItsLineNumbers() {
    queue.fill(Bench.numbers(2_500));
    Session session = Bench.session(queue);
    LeaseBatch batch = session.lease(1_000);
    int seen = 0;
    while (!batch.leases().isEmpty()) {
      for (Lease lease : batch.leases()) {
        assertThat("n" + lease.id()).isEqualTo(lease.text());
        seen++;
      }
      batch = session.step(Bench.complete(batch.leases()), 700);
    }
    assertThat(seen).isEqualTo(2_500);
  }

  @Test
  void whatAnInputHasGrownByBelongsToTheRunThatHasEnded() {
    FillOptions list = FillOptions.as("list");
    fill(queue.produce(list), "a", "b");
    Session session = Bench.session(queue);
    assertThat(Bench.drain(session)).hasSize(2);
    assertThat(queue.isDrained()).isTrue();
    String run = queue.run().orElseThrow();

    fill(queue.produceMore(list), "a", "b", "c");
    assertThat(queue.run()).contains(run);
    Lease more = queue.lease(AT_ONCE).orElseThrow();
    assertThat(more.text()).isEqualTo("c");
    assertThat(more.id()).isEqualTo("3");
    more.complete();
    assertThat(queue.state()).isEqualTo(new QueueState.Drained(run, 3, 0));

    assertThatThrownBy(() -> fill(queue.produceMore(list), "a", "x", "c"))
        .isInstanceOf(FillRefusedException.class)
        .hasMessageContaining("record 2");
    assertThatThrownBy(() -> fill(queue.produceMore(list), "a"))
        .isInstanceOf(FillRefusedException.class)
        .hasMessageContaining("there were 3");
    assertThat(queue.state()).as("drained as before").isEqualTo(new QueueState.Drained(run, 3, 0));

    queue.admin().purge();
    assertThatThrownBy(() -> queue.produceMore(list)).isInstanceOf(RunLostException.class);
  }

  private static void fill(Producer producer, String... payloads) {
    try (producer) {
      for (String payload : payloads) {
        producer.add(Item.of(payload));
      }
      producer.finish();
    }
  }

  @Test
  void givenNumbersNeverCollideWithCountedOnes() {
    queue.fill(Stream.of(Item.of("x").withId("2"), Item.of("y").withId("4"), Item.of("z")));
    bench.rpush("r1", "r2", "r3");
    queue.fill(Bench.items("p1", "p2"));
    List<Lease> leases = queue.lease(20, AT_ONCE);
    assertThat(Bench.ids(leases)).hasSize(8).doesNotHaveDuplicates();
    assertThat(leases).anyMatch(l -> l.id().equals("2") && l.text().equals("x"));
    // 1 to the counter are all used: giving one of them now is refused.
    for (Lease lease : leases) {
      assertThatThrownBy(() -> queue.fill(Stream.of(Item.of("again").withId(lease.id()))))
          .isInstanceOf(FillRefusedException.class)
          .hasMessageContaining("'" + lease.id() + "'");
    }
  }

  @Test
  void aGivenNumberOfADeadItemIsNotCountedAgainInTheNextRun() {
    queue.fill(Stream.of(Item.of("bad").withId("2")));
    queue.lease(AT_ONCE).orElseThrow().bury("no");
    assertThat(queue.isDrained()).isTrue();
    queue.fill(Bench.items("a", "b", "c"));
    List<Lease> leases = queue.lease(5, AT_ONCE);
    assertThat(Bench.ids(leases)).hasSize(3).doesNotContain("2");
  }

  @Test
  void idsThatOnlyAnEarlierRunCountedAreNew() {
    queue.fill(Bench.items("a", "b", "bad"));
    for (Lease lease : queue.lease(3, AT_ONCE)) {
      if (lease.text().equals("bad")) {
        lease.bury("no");
      } else {
        lease.complete();
      }
    }
    assertThat(queue.isDrained()).isTrue();
    FillReport report = produce(UNIQUE, Stream.of(id("1"), id("2"), id("3"), id("9")));
    assertThat(report.skipped()).as("3 is there, dead").isEqualTo(1);
    assertThat(report.added()).isEqualTo(3);
  }

  @Test
  void uniqueSkipsAndCountsWhatTheRunHasSeenInAnyState() {
    FillReport first =
        produce(UNIQUE, Stream.of(id("done"), id("leased"), id("dead"), id("delayed"), id("here")));
    assertThat(first.added()).isEqualTo(5);
    WorkQueue worker = bench.open();
    worker.lease(AT_ONCE).orElseThrow().complete();
    assertThat(worker.lease(AT_ONCE)).isPresent();
    worker.lease(AT_ONCE).orElseThrow().bury("no");
    worker.lease(AT_ONCE).orElseThrow().retry("later", Duration.ofHours(9));
    FillReport second =
        produce(
            UNIQUE,
            Stream.of(
                id("done"),
                id("leased"),
                id("new"),
                id("dead"),
                id("delayed"),
                id("here"),
                id("new")));
    assertThat(second.skipped()).isEqualTo(6);
    assertThat(second.added()).isEqualTo(1);
  }

  @Test
  void withoutUniqueAUsedIdIsRefusedAndNothingOfItsChunkIsAdded() {
    queue.fill(Stream.of(id("a")));
    assertThatThrownBy(() -> queue.fill(Stream.of(id("b"), id("a"))))
        .isInstanceOf(FillRefusedException.class)
        .hasMessageContaining("'a'");
    assertThat(queue.admin().items(ItemState.WAITING).map(ItemView::id)).containsExactly("a");
  }

  @Test
  void aPayloadThatIsTooLargeIsRefusedWithItsRecordAndSize() {
    WorkQueue other = bench.with(Bench.SETTINGS.withPayloadMax(1_024));
    assertThatThrownBy(() -> other.fill(Stream.of(Item.of("ok"), Item.of(new byte[1_025]))))
        .isInstanceOf(FillRefusedException.class)
        .hasMessageContaining("record 2")
        .hasMessageContaining("1025")
        .hasMessageContaining("1024");
  }

  @Test
  void aFillOfTheSameSourceAgainAddsNothingTwice() {
    List<Item> input = Bench.numbers(2_500).toList();
    assertThat(produce(FillOptions.as("in"), input.stream()).added()).isEqualTo(2_500);
    FillReport again = produce(FillOptions.as("in"), input.stream());
    assertThat(again.added()).isZero();
    assertThat(again.already()).isEqualTo(2_500);
    FillReport longer =
        produce(FillOptions.as("in"), Stream.concat(input.stream(), Bench.items("one more")));
    assertThat(longer.added()).isEqualTo(1);
    assertThat(queue.admin().status().counts().waiting()).isEqualTo(2_501);
  }

  @Test
  void aFillThatBrokeOffContinuesWhereItStopped() {
    List<Item> input = Bench.numbers(3_300).toList();
    Producer broken = queue.produce(FillOptions.as("in"));
    input.subList(0, 1_700).forEach(broken::add);
    broken.flush();
    broken.close();
    bench.expireExcept();
    Producer again = bench.open().produce(FillOptions.as("in"));
    assertThat(again.resumedAt()).isEqualTo(1_700);
    input.forEach(again::add);
    FillReport report = again.finish();
    assertThat(report.added()).isEqualTo(1_600);
    assertThat(report.already()).isEqualTo(1_700);
    List<String> all = Bench.drain(Bench.session(queue));
    assertThat(all)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 3_300).mapToObj(i -> "n" + i).toList());
  }

  @Test
  void aChangedInputIsRefusedWithTheRecordThatDiffers() {
    Producer broken = queue.produce(FillOptions.as("in"));
    Bench.numbers(100).forEach(broken::add);
    broken.flush();
    broken.close();
    bench.expireExcept();
    Producer changed = bench.open().produce(FillOptions.as("in"));
    List<Item> input = new ArrayList<>(Bench.numbers(100).toList());
    input.set(41, Item.of("other"));
    assertThatThrownBy(() -> input.forEach(changed::add))
        .isInstanceOf(FillRefusedException.class)
        .hasMessageContaining("record 42");
    changed.close();
    bench.expireExcept();
    Producer shorter = bench.open().produce(FillOptions.as("in"));
    Bench.numbers(60).forEach(shorter::add);
    assertThatThrownBy(shorter::finish)
        .isInstanceOf(FillRefusedException.class)
        .hasMessageContaining("ends at record 60");
    assertThat(queue.admin().status().counts().total()).isEqualTo(100);
  }

  @Test
  void aSourceHasOneLiveProducer() {
    Producer one = queue.produce(FillOptions.as("in"));
    assertThatThrownBy(() -> bench.open().produce(FillOptions.as("in")))
        .isInstanceOf(FillRefusedException.class)
        .hasMessageContaining("'in'")
        .hasMessageContaining("process " + ProcessHandle.current().pid());
    one.finish();
  }

  @Test
  void aNameThatNobodyGaveIsContinuedOnlyIfItBrokeOff() {
    FillOptions automatic = new FillOptions("scan", true, false, false);
    assertThat(produce(automatic, Bench.items("a")).source()).isEqualTo("scan");
    FillReport second = produce(automatic, Bench.items("a"));
    assertThat(second.source()).isEqualTo("scan#2");
    assertThat(second.added()).isEqualTo(1);
    Producer broken = queue.produce(automatic);
    broken.add(Item.of("x"));
    broken.flush();
    broken.close();
    bench.expireExcept();
    FillReport third = produce(automatic, Bench.items("x", "y"));
    assertThat(third.source()).isEqualTo("scan#3");
    assertThat(third.already()).isEqualTo(1);
    assertThat(third.added()).isEqualTo(1);
  }

  @Test
  void aHeldSourceStaysOpenAndTakesAnotherInputThatMayBreakOffToo() {
    FillOptions hold = new FillOptions("part", false, false, true);
    assertThat(produce(hold, Bench.items("a", "b", "c")).added()).isEqualTo(3);
    Bench.drain(Bench.session(queue));
    assertThat(queue.isDrained()).as("held open").isFalse();
    Producer broken = bench.open().produce(hold);
    broken.add(Item.of("d"));
    broken.flush();
    broken.close();
    bench.expireExcept();
    FillReport resumed = produce(hold, Bench.items("d", "e"));
    assertThat(resumed.added()).isEqualTo(1);
    Bench.drain(Bench.session(queue));
    assertThat(queue.isDrained()).isFalse();
    assertThat(queue.admin().closeSource("part")).isTrue();
    assertThat(queue.admin().closeSource("nobody")).isFalse();
    assertThat(queue.isDrained()).isTrue();
  }

  private static Item id(String id) {
    return Item.of("payload of " + id).withId(id);
  }

  private FillReport produce(FillOptions options, Stream<Item> items) {
    try (Producer producer = bench.open().produce(options)) {
      items.forEach(producer::add);
      return producer.finish();
    }
  }
}
