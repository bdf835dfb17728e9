package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.internal.client.StoredSettings;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is stored with a queue, who may change it, and when it is kept. */
class SettingsTest {

  private final Bench bench = Bench.shared();

  @AfterEach
  void close() {
    bench.close();
  }

  private static QueueSettings in(int partitions) {
    return Bench.SETTINGS.withPartitions(partitions);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void twoClientsThatEachChangeOneSettingChangeBoth(int partitions) {
    WorkQueue one = bench.with(in(partitions));
    WorkQueue two = bench.with(in(partitions));
    one.fill(Bench.items("a"));
    two.fill(Bench.items("b"));
    one.admin().set("attempts", "7");
    two.admin().set("backoff", "5s..6s");
    one.admin().set("results-max", "400m");
    two.admin().set("losses", "9");
    for (WorkQueue queue : java.util.List.of(one, two, bench.open())) {
      QueueSettings now = queue.settings();
      assertThat(now.attempts()).isEqualTo(7);
      assertThat(now.backoffMin()).isEqualTo(Duration.ofSeconds(5));
      assertThat(now.backoffMax()).isEqualTo(Duration.ofSeconds(6));
      assertThat(now.resultsMax()).isEqualTo(400L << 20);
      assertThat(now.losses()).isEqualTo(9);
      assertThat(now.leaseTimeout()).isEqualTo(Bench.LEASE_TIMEOUT);
      for (WorkQueue part : queue.admin().partitions()) {
        assertThat(part.settings().attempts()).isEqualTo(7);
        assertThat(part.settings().losses()).isEqualTo(9);
        assertThat(part.settings().resultsMax()).isEqualTo((400L << 20) / partitions);
      }
    }
  }

  /** Each writes what it was given, in one script: nothing is read, changed and written back. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void twoClientsThatChangeDifferentSettingsAtTheSameTimeUndoNothingOfEachOther(int partitions)
      throws Exception {
    WorkQueue one = bench.with(in(partitions));
    WorkQueue two = bench.with(in(partitions));
    one.fill(Bench.items("a"));
    CyclicBarrier together = new CyclicBarrier(2);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int round = 1; round <= 25; round++) {
        String value = Integer.toString(round);
        Future<?> attempts =
            threads.submit(() -> {
              together.await();
              one.admin().set("attempts", value);
              return null;
            });
        Future<?> losses =
            threads.submit(() -> {
              together.await();
              two.admin().set("losses", value);
              return null;
            });
        attempts.get();
        losses.get();
        assertThat(bench.open().settings().attempts()).isEqualTo(round);
        assertThat(bench.open().settings().losses()).isEqualTo(round);
      }
    }
  }

  @Test
  void aSetWritesTheFieldsOfWhatItWasGivenAndNoOther() {
    assertThat(StoredSettings.changes(Map.of("losses", "9"), Map.of()))
        .containsExactly("losses", 9);
    assertThat(StoredSettings.changes(Map.of("backoff", "1s..2s"), Map.of()))
        .containsExactly("backoff-min", 1_000L, "backoff-max", 2_000L);
    assertThat(StoredSettings.changes(Map.of("results-max", "0"), Map.of("maxmemory", "400")))
        .containsExactly("results-max", 100L);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void theLeaseTimeoutIsTakenByItsOldNameTooAndStoredUnderIt(int partitions) {
    WorkQueue queue = bench.with(in(partitions));
    queue.fill(Bench.items("a"));
    queue.admin().set("lapse", "7s");
    assertThat(queue.settings().leaseTimeout()).isEqualTo(Duration.ofSeconds(7));
    queue.admin().set("lease-timeout", "8s");
    assertThat(queue.settings().leaseTimeout()).isEqualTo(Duration.ofSeconds(8));
    assertThat(bench.state("lapse")).isEqualTo("8000");
    assertThat(bench.state("lease-timeout")).isNull();
    assertThatThrownBy(() -> queue.admin().set(Map.of("lease-timeout", "1s", "lapse", "2s")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lease-timeout is given twice");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void allChangesOfACallAreMadeOrNone(int partitions) {
    WorkQueue queue = bench.with(in(partitions));
    queue.fill(Bench.items("a"));
    assertThatThrownBy(() -> queue.admin().set(Map.of("attempts", "7", "losses", "none")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("losses");
    assertThat(queue.settings().attempts()).isEqualTo(3);
    queue.admin().set(Map.of("attempts", "7", "losses", "8", "keep", "history"));
    assertThat(queue.settings()).isEqualTo(bench.open().settings());
    assertThat(queue.settings().losses()).isEqualTo(8);
    assertThat(queue.settings().keep()).isEqualTo(Keep.HISTORY);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void settingsOfAQueueThatIsNotThereCannotBeChanged(int partitions) {
    WorkQueue queue = bench.with(in(partitions));
    assertThatThrownBy(() -> queue.admin().set("attempts", "7"))
        .isInstanceOf(QueueUnusableException.class)
        .hasMessageContaining("no queue");
    assertThat(bench.keys()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aFillThatWasRefusedLeavesNoSettingsBehind(int partitions) {
    QueueSettings narrow = in(partitions).withPayloadMax(3).withAttempts(1);
    assertThatThrownBy(() -> bench.with(narrow).fill(Bench.items("too long")))
        .isInstanceOf(FillRefusedException.class);
    WorkQueue wide = bench.with(in(partitions).withPayloadMax(100));
    assertThat(wide.settings().payloadMax()).isEqualTo(100);
    assertThat(wide.admin().status().settings().payloadMax()).isEqualTo(100);
    assertThat(wide.fill(Bench.items("too long")).added()).isEqualTo(1);
    assertThat(bench.open().settings().attempts()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void neitherDoesAWorkerThatLeftBeforeAnItemCameNorAFillOfNothing(int partitions) {
    try (Session waited = Bench.session(bench.with(in(partitions).withAttempts(1)))) {
      assertThat(waited.lease(1).state()).isInstanceOf(QueueState.NeverFilled.class);
    }
    bench.with(in(partitions).withAttempts(2)).fill(Bench.items());
    bench.with(in(partitions).withAttempts(5)).fill(Bench.items("a"));
    assertThat(bench.open().settings().attempts()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void settingsStayWhileSomebodyWorksFillsOrHasSetThem(int partitions) {
    Session waits = Bench.session(bench.with(in(partitions).withAttempts(1)));
    if (partitions > 1) {
      waits.lease(1); // it is in all of them
    }
    bench.with(in(partitions).withAttempts(2)).fill(Bench.items());
    assertThat(bench.open().settings().attempts()).isEqualTo(1);
    waits.close();
    bench.open().admin().set("losses", "6");
    bench.with(in(partitions).withAttempts(3)).fill(Bench.items());
    assertThat(bench.open().settings().attempts()).isEqualTo(1);
    assertThat(bench.open().settings().losses()).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void settingsOfAQueueThatHeldAnItemStayAlsoWhenNothingIsLeft(int partitions) {
    WorkQueue first = bench.with(in(partitions).withAttempts(2));
    first.fill(Bench.items("a"));
    try (Session session = Bench.session(first)) {
      assertThat(Bench.drain(session)).containsExactly("a");
    }
    assertThat(first.isDrained()).isTrue();
    bench.with(in(partitions).withAttempts(9)).fill(Bench.items("b"));
    assertThat(bench.open().settings().attempts()).isEqualTo(2);
    bench.open().admin().purge();
    bench.with(in(partitions).withAttempts(9)).fill(Bench.items("c"));
    assertThat(bench.open().settings().attempts()).isEqualTo(9);
  }

  /** Whoever pauses a queue before it is filled wants it to stay so. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aPauseStaysWhenTheSettingsDoNot(int partitions) {
    bench.with(in(partitions).withAttempts(2)).admin().pause("not yet");
    WorkQueue queue = bench.with(in(partitions).withAttempts(4));
    queue.fill(Bench.items("a"));
    assertThat(queue.settings().attempts()).isEqualTo(4);
    assertThat(queue.state()).isEqualTo(new QueueState.Paused("not yet"));
  }
}
