package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers look at each partition once a second, and end what is at its end. */
class PartitionEndsWhileAFillOpensTest {

  private final Bench bench = Bench.shared();

  @AfterEach
  void close() {
    bench.close();
  }

  /** A run of its own began there, which knew nothing of the source. */
  @Test
  void andWhatTheSameFillGaveItIsNotAddedTwice() {
    WorkQueue queue = bench.with(Bench.SETTINGS.withPartitions(4).withKeep(Keep.RESULTS));
    List<WorkQueue> parts = queue.admin().partitions();
    try (Producer killed = queue.produce(FillOptions.as("scan"))) {
      Bench.numbers(20).forEach(killed::add);
      killed.flush();
      // While it closes, which it does in the first partition last.
      parts.subList(1, 4).forEach(part -> assertThat(part.admin().closeSource("scan")).isTrue());
    }
    assertThat(Bench.drain(Bench.session(queue))).hasSize(20);
    bench.advance(Bench.LEASE_TIMEOUT.plusMillis(1));

    WorkQueue looking = bench.open();
    CallListener look =
        call -> {
          if (call.script().equals("produce")) {
            looking.admin().partitions().forEach(WorkQueue::state);
          }
          return CallListener.Answered.NOBODY;
        };
    try (WorkQueue again = WorkQueue.open(bench.config(), look);
        Producer producer = again.produce(new FillOptions("scan", true, false, false))) {
      Bench.numbers(20).forEach(producer::add);
      assertThat(producer.finish().added()).isZero();
    }

    assertThat(queue.isDrained()).isTrue();
    assertThat(queue.admin().status().counts())
        .isEqualTo(new QueueStatus.Counts(0, 0, 0, 20, 0, 0));
    assertThat(queue.results()).hasSize(20);
  }
}
