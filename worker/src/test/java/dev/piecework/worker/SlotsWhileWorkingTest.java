package dev.piecework.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.piecework.QueueStatus.SessionView;
import dev.piecework.WorkQueue;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker that runs works in more slots, or in fewer. */
@Tag("slow")
class SlotsWhileWorkingTest extends OnRedis {

  private final Semaphore go = new Semaphore(0);
  private final AtomicInteger running = new AtomicInteger();
  private final Map<Integer, Integer> inSlot = new ConcurrentHashMap<>();

  private Outcome handle(Attempt attempt) throws InterruptedException {
    running.incrementAndGet();
    go.acquire();
    running.decrementAndGet();
    return Outcome.done();
  }

  private void loop(int slot, Supply supply) throws InterruptedException {
    for (Attempt next = supply.take(); next != null; next = supply.take()) {
      assertThat(inSlot.merge(slot, 1, Integer::sum)).as("alone in slot %s", slot).isEqualTo(1);
      running.incrementAndGet();
      go.acquire();
      running.decrementAndGet();
      inSlot.merge(slot, -1, Integer::sum);
      supply.finish(next, Outcome.done());
    }
  }

  private RunningWorker start(WorkQueue queue, boolean loops) {
    // Where calls are slow and items quick, more of them would be leased ahead.
    Worker worker = Worker.on(queue).slots(1).maxBatch(1).name("node 7");
    return running(loops ? worker.start((SlotLoop) this::loop) : worker.start(this::handle));
  }

  // Whose turn it is to end is not said: one of those that are not too many may, and take another.
  private void awaitRunning(int slots) {
    await()
        .until(() -> {
          if (running.get() > slots) {
            go.release();
          }
          return running.get() == slots && go.availablePermits() == 0;
        });
  }

  private static List<Integer> shown(WorkQueue queue) {
    return queue.admin().status().sessions().stream().map(one -> one.info().slots()).toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void moreBeginAtOnceAndFewerWhenWhatRunsHasEnded(boolean loops) throws Exception {
    WorkQueue queue = quick();
    fill(queue, 400);
    RunningWorker worker = start(queue, loops);
    for (int slots : List.of(3, 1, 4, 2)) {
      worker.slots(slots);
      assertThat(worker.slots()).isEqualTo(slots);
      assertThat(shown(queue)).containsExactly(slots);
      awaitRunning(slots);
      // Ends that are not yet told count as well.
      await("no more in hand").until(() -> counts(queue).leased() <= slots + 4L);
    }
    go.release(1_000);
    assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
    assertThat(counts(queue).done()).isEqualTo(400);
    assertThatThrownBy(() -> worker.slots(0)).hasMessageContaining("0 is not 1 to 10,000");
  }

  @ParameterizedTest
  @CsvSource({"1, false", "1, true", "3, true"})
  void anOperatorSaysItAndTheNextHeartbeatTells(int partitions, boolean loops) throws Exception {
    WorkQueue queue = open(QUICK.withPartitions(partitions));
    fill(queue, 400);
    RunningWorker worker = start(queue, loops);
    await().until(() -> running.get() == 1);
    for (int slots : List.of(3, 2)) {
      SessionView session = queue.admin().status().sessions().getFirst();
      assertThat(queue.admin().slots(session.id(), slots)).isTrue();
      await().until(() -> worker.slots() == slots);
      awaitRunning(slots);
    }
    assertThat(queue.admin().slots("nobody", 2)).isFalse();
    go.release(1_000);
    assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
    assertThat(counts(queue).done()).isEqualTo(400);
  }
}
