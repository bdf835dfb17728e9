package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.QueueStatus.ProducerState;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Invariants 7 and 8: open producers, vanished ones, and runs that end, are purged or lost. */
public abstract class ProducerContract extends WorkQueueContract {

  private static final Duration GRACE = Bench.SETTINGS.producerGrace();

  /** Where there is a terminal or a log to tell it to. */
  void somebodyWasTold(String what) {}

  @Test
  void anOpenProducerKeepsTheRunOpenAndIsNamed() {
    Producer producer = queue.produce(FillOptions.as("scan"));
    assertThat(waitingFor(queue.state())).isEqualTo("producer 'scan'");
    producer.add(Item.of("a"));
    producer.flush();
    Session session = Bench.session(queue);
    assertThat(Bench.drain(session)).containsExactly("a");
    assertThat(waitingFor(session.lease(1).state())).isEqualTo("producer 'scan'");
    producer.finish();
    assertThat(session.lease(1).state()).isInstanceOf(QueueState.Drained.class);
  }

  @Test
  void whatAStreamGivesIsSentSoonWithoutAFlush() {
    Producer producer = queue.produce(FillOptions.as("scan"));
    producer.add(Item.of("a"));
    Session session = Bench.session(bench.open());
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> Bench.texts(session.lease(1)).equals(List.of("a")));
    producer.finish();
  }

  @Test
  void aSilentProducerHasItsGraceThenTheRunIsIncompleteUntilTheSourceIsFilledToItsEnd() {
    Producer silent = queue.produce(FillOptions.as("scan"));
    silent.add(Item.of("a"));
    silent.flush();
    silent.close();
    Session worker = Bench.session(bench.open());
    assertThat(Bench.drain(worker)).containsExactly("a");
    bench.expireExcept(worker);
    bench.reap();
    assertThat(queue.admin().status().producers())
        .singleElement()
        .matches(p -> p.state() == ProducerState.SILENT);
    assertThat(waitingFor(worker.lease(1).state())).isEqualTo("producer 'scan'");
    passGrace(worker);
    assertThat(worker.lease(1).state()).isEqualTo(new QueueState.Incomplete(List.of("scan")));
    assertThat(queue.isDrained()).isFalse();
    somebodyWasTold("'scan' has vanished");
    assertThat(queue.admin().status().producers())
        .singleElement()
        .matches(p -> p.state() == ProducerState.VANISHED);

    Producer again = bench.open().produce(FillOptions.as("scan"));
    assertThat(worker.lease(1).state()).isInstanceOf(QueueState.NotYet.class);
    again.add(Item.of("a"));
    again.add(Item.of("b"));
    assertThat(again.finish().added()).isEqualTo(1);
    assertThat(Bench.drain(worker)).containsExactly("b");
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void workersFinishWhatIsThereBeforeTheySayIncomplete() {
    Producer silent = queue.produce(FillOptions.as("scan"));
    silent.add(Item.of("a"));
    silent.flush();
    silent.close();
    Session worker = Bench.session(bench.open());
    bench.expireExcept(worker);
    passGrace(worker);
    assertThat(worker.lease(1).leases()).hasSize(1);
    worker.close();
    assertThat(Bench.drain(Bench.session(queue))).containsExactly("a");
    assertThat(queue.state()).isInstanceOf(QueueState.Incomplete.class);
  }

  @Test
  void aVanishedSourceIsClosedByHand() {
    Producer silent = queue.produce(FillOptions.as("scan"));
    silent.add(Item.of("a"));
    silent.flush();
    silent.close();
    Session worker = Bench.session(bench.open());
    assertThat(Bench.drain(worker)).containsExactly("a");
    bench.expireExcept(worker);
    passGrace(worker);
    assertThat(queue.state()).isInstanceOf(QueueState.Incomplete.class);
    assertThat(queue.admin().closeSource("scan")).isTrue();
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void aProducerThatGivesUpBeforeItGaveAnythingIsMissedAllTheSame() {
    queue.fill(Bench.items("a"));
    queue.produce(FillOptions.as("scan")).close();
    Session worker = Bench.session(bench.open());
    assertThat(Bench.drain(worker)).containsExactly("a");
    assertThat(waitingFor(worker.lease(1).state())).isEqualTo("producer 'scan'");
    bench.expireExcept(worker);
    passGrace(worker);
    assertThat(queue.state()).isEqualTo(new QueueState.Incomplete(List.of("scan")));
  }

  @Test
  void aRunWhoseOnlyFillWasRefusedBeforeItHeldAnythingIsNobodysLoss() {
    Producer nothing = queue.produce(FillOptions.as("scan"));
    Session worker = Bench.session(bench.open());
    assertThat(waitingFor(worker.lease(1).state())).isEqualTo("producer 'scan'");
    int tooLarge = queue.settings().payloadMax() + 1;
    assertThatThrownBy(() -> nothing.add(Item.of(new byte[tooLarge])))
        .isInstanceOf(FillRefusedException.class);
    nothing.close();
    assertThat(worker.lease(1).state()).isEqualTo(new QueueState.NeverFilled());
    assertThat(queue.state()).isEqualTo(new QueueState.NeverFilled());
    bench.open().fill(Bench.items("a"));
    assertThat(queue.state()).isInstanceOf(QueueState.Ready.class);
    assertThat(Bench.drain(worker)).containsExactly("a");
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void aProducerThatComesBackWithinItsGraceIsOpenAgain() {
    Producer producer = queue.produce(FillOptions.as("scan"));
    Session worker = Bench.session(bench.open());
    bench.expireExcept(worker);
    bench.expireExcept(worker);
    bench.reap();
    bench.beat(producer);
    passGrace(worker, producer);
    assertThat(queue.admin().status().producers())
        .singleElement()
        .matches(p -> p.state() == ProducerState.OPEN);
    producer.finish();
  }

  @Test
  void aPlainRpushCountsAsClosedAtOnce() {
    bench.rpush("a");
    assertThat(queue.state()).isInstanceOf(QueueState.Ready.class);
    assertThat(Bench.drain(Bench.session(queue))).containsExactly("a");
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void aHeldSourceNeedsNoHeartbeat() {
    try (Producer producer = queue.produce(new FillOptions("many", false, false, true))) {
      producer.add(Item.of("a"));
      producer.finish();
    }
    Session worker = Bench.session(bench.open());
    Bench.drain(worker);
    bench.expireExcept(worker);
    passGrace(worker);
    assertThat(waitingFor(queue.state())).isEqualTo("producer 'many'");
    assertThat(queue.admin().status().producers())
        .singleElement()
        .matches(p -> p.state() == ProducerState.HELD);
    queue.admin().closeSource("many");
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void aFillAfterDrainedStartsANewRunAndTheOldWorkerIsDone() {
    queue.fill(Bench.items("a"));
    Session old = Bench.session(bench.open());
    assertThat(Bench.drain(old)).containsExactly("a");
    String first = ((QueueState.Drained) queue.state()).run();
    WorkQueue filler = bench.open();
    filler.fill(Bench.items("b", "c"));
    assertThat(filler.run()).isNotEqualTo(java.util.Optional.of(first));
    assertThat(old.lease(1).state()).isEqualTo(new QueueState.Drained(first, 1, 0));
    WorkQueue late = bench.open().with(SessionOptions.DEFAULTS.withRun(first));
    assertThat(late.state()).isEqualTo(new QueueState.Drained(first, 1, 0));
    WorkQueue stranger = bench.open().with(SessionOptions.DEFAULTS.withRun("0123456789abcdef"));
    assertThat(stranger.state()).isInstanceOf(QueueState.Lost.class);
    Session service = following(bench.open());
    assertThat(Bench.drain(service)).containsExactly("b", "c");
    assertThat(service.lease(1).state()).isInstanceOf(QueueState.Drained.class);
    filler.fill(Bench.items("d"));
    assertThat(Bench.drain(service)).containsExactly("d");
  }

  @Test
  void theLastHundredEndedRunsAreKnown() {
    List<String> runs = new java.util.ArrayList<>();
    Session service = following(bench.open());
    for (int i = 0; i < 102; i++) {
      queue.fill(Bench.items("a"));
      runs.add(queue.run().orElseThrow());
      Bench.drain(service);
      assertThat(service.lease(1).state()).isInstanceOf(QueueState.Drained.class);
    }
    assertThat(runs).doesNotHaveDuplicates();
    assertThat(stateOf(runs.get(1))).isInstanceOf(QueueState.Lost.class);
    assertThat(stateOf(runs.get(2))).isInstanceOf(QueueState.Drained.class);
  }

  private QueueState stateOf(String run) {
    return bench.open().with(SessionOptions.DEFAULTS.withRun(run)).state();
  }

  private static Session following(WorkQueue queue) {
    return queue.session(SessionInfo.local("tester", 1), SessionOptions.DEFAULTS.followingRuns());
  }

  @Test
  void aPurgeUnderARunningWorkerIsALossForItAndSaidSo() {
    queue.fill(Bench.items("a", "b"));
    Session worker = Bench.session(bench.open());
    List<Lease> leases = worker.lease(1).leases();
    Producer producer = bench.open().produce(FillOptions.as("scan"));
    queue.admin().purge();
    LeaseBatch batch = worker.step(Bench.complete(leases), 1);
    assertThat(batch.refused()).hasSize(1);
    assertThat(batch.state())
        .isInstanceOfSatisfying(
            QueueState.Lost.class, lost -> assertThat(lost.why()).contains("was purged"));
    producer.add(Item.of("c"));
    assertThatThrownBy(producer::finish).isInstanceOf(RunLostException.class);
  }

  @Test
  void fewerItemsThanExpectedAreALoss() {
    queue.fill(Bench.items("a"));
    WorkQueue careful = bench.open().with(SessionOptions.DEFAULTS.withExpect(2));
    assertThat(Bench.drain(Bench.session(careful))).containsExactly("a");
    assertThat(careful.state()).isInstanceOf(QueueState.Lost.class);
    assertThat(queue.isDrained()).isTrue();
  }

  private void passGrace(Session worker, Producer... producers) {
    for (Duration left = GRACE; left.isPositive(); left = left.minus(Bench.LEASE_TIMEOUT)) {
      bench.expireExcept(worker);
      for (Producer producer : producers) {
        bench.beat(producer);
      }
    }
    bench.reap();
  }

  private static String waitingFor(QueueState state) {
    return ((QueueState.NotYet) state).text();
  }
}
