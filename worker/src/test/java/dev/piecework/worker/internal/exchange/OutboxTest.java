package dev.piecework.worker.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Settlement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private final AtomicInteger wakeUps = new AtomicInteger();
  private final Outbox outbox = new Outbox(cause -> wakeUps.incrementAndGet());

  @Test
  void settlementsOfManyWritersArriveOnceEach() throws InterruptedException {
    List<Thread> writers = new ArrayList<>();
    for (int writer = 0; writer < 4; writer++) {
      String name = writer + "-";
      writers.add(Thread.ofPlatform().start(() -> write(name, 20_000)));
    }
    Set<String> seen = new HashSet<>();
    List<Settlement> list = new ArrayList<>();
    while (seen.size() < 80_000) {
      outbox.drainTo(list, 1_000);
      for (Settlement settlement : list) {
        assertThat(seen.add(settlement.lease().id())).isTrue();
      }
      list.clear();
    }
    for (Thread writer : writers) {
      writer.join();
    }
    assertThat(outbox.isEmpty()).isTrue();
  }

  private void write(String name, int count) {
    for (int i = 0; i < count; i++) {
      outbox.put(Settlement.complete(HandMadeLease.of(name + i, 0)));
    }
  }

  @Test
  void aWriterOfLargeResultsWaits() throws InterruptedException {
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < 40; i++) {
                byte[] result = new byte[1 << 20];
                outbox.put(Settlement.complete(HandMadeLease.of("" + i, 0), result));
              }
            });
    List<Settlement> list = new ArrayList<>();
    while (wakeUps.get() == 0) {
      Thread.onSpinWait();
    }
    outbox.drainTo(list, 1_000);
    assertThat(list).as("a call carries some results, not all").hasSizeLessThanOrEqualTo(4);
    while (list.size() < 40) {
      outbox.drainTo(list, 1_000);
    }
    writer.join();
    assertThat(outbox.isEmpty()).isTrue();
  }

  @Test
  void writersOfAClosedOneDoNotWait() {
    outbox.close();
    write("late", 20_000);
    assertThat(wakeUps).hasValue(0);
  }
}
