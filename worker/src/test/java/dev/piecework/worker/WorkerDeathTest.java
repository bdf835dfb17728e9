package dev.piecework.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.Item;
import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.QueueSettings;
import dev.piecework.QueueStatus.Counts;
import dev.piecework.WorkQueue;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of the items of a worker that dies, or is taken for dead. */
@Tag("slow")
class WorkerDeathTest extends OnRedis {

  @Test
  void theLastItemOfAKilledWorkerIsWaitedForAndTakenOver()
      throws IOException, InterruptedException {
    WorkQueue queue = quick();
    fill(queue, 1);
    Process doomed = java(HoldsOneItem.class, redis.uri(), "bag");
    try (BufferedReader out = doomed.inputReader()) {
      assertThat(out.readLine()).isEqualTo("begun item 1");
    }
    Set<Integer> numbers = new ConcurrentSkipListSet<>();
    RunningWorker worker =
        running(
            Worker.on(quick())
                .start(attempt -> {
                  numbers.add(attempt.number());
                  return Outcome.done();
                }));
    assertThat(worker.await(Duration.ofMillis(1))).isEmpty();
    doomed.destroyForcibly();
    assertThat(worker.await())
        .isInstanceOfSatisfying(
            WorkerEnd.Drained.class, drained -> assertThat(drained.done()).isEqualTo(1));
    assertThat(numbers).containsExactly(2);
  }

  @Test
  void ofABatchWithOneItemThatKillsItsWorkerOnlyThatOneIsDead()
      throws IOException, InterruptedException {
    QueueSettings settings = QUICK.withLosses(3).withLeaseTimeout(Duration.ofMillis(300));
    WorkQueue queue = open(settings);
    queue.fill(
        IntStream.rangeClosed(1, 1_000).mapToObj(i -> Item.of(i == 500 ? "poison" : "item " + i)));
    List<Integer> exits = new ArrayList<>();
    do {
      exits.add(java(DiesOfPoison.class, redis.uri(), "bag").waitFor());
    } while (exits.getLast() == 9 && exits.size() < 10);
    assertThat(exits).containsExactly(9, 9, 9, 0);
    assertThat(counts(queue)).isEqualTo(new Counts(0, 0, 0, 999, 1, 0));
    List<ItemView> dead = queue.admin().items(ItemState.DEAD).toList();
    assertThat(dead.getFirst().id()).isEqualTo("500");
    assertThat(dead.getFirst().attempts().losses()).isEqualTo(3);
  }

  @Test
  void aWorkerThatWasTakenForDeadSaysOnceThatItsLateEndsAreRefusedAndGoesOn()
      throws InterruptedException {
    WorkQueue queue = open(QueueSettings.DEFAULTS);
    fill(queue, 50);
    List<String> said = Collections.synchronizedList(new ArrayList<>());
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch begun = new CountDownLatch(2);
    Semaphore goOn = new Semaphore(0);
    RunningWorker worker =
        running(
            Worker.on(open(QueueSettings.DEFAULTS))
                .slots(2)
                .notices(said::add)
                .listener(losses(heard))
                .start(attempt -> {
                  begun.countDown();
                  goOn.acquire();
                  return Outcome.done();
                }));
    begun.await();
    WorkQueueForTests.letSessionsExpire(redis.uri(), "bag");
    assertThat(counts(queue).leased()).isZero();
    goOn.release(1_000);
    assertThat(worker.await())
        .isInstanceOfSatisfying(
            WorkerEnd.Drained.class, drained -> assertThat(drained.done()).isEqualTo(50));
    assertThat(said).filteredOn(text -> text.contains("refused")).hasSize(1);
    assertThat(worker.counts().refused()).isEqualTo(2);
    assertThat(heard).filteredOn(what -> what.equals("lease lost")).hasSize(2);
    assertThat(heard).filteredOn(what -> what.equals("session lost")).hasSize(1);
    assertThat(heard).last().isEqualTo("stopped");
    await().until(() -> counts(queue).leased() == 0);
  }

  private static WorkerListener losses(List<String> heard) {
    return new WorkerListener() {
      @Override
      public void leaseLost(Attempt attempt) {
        heard.add("lease lost");
      }

      @Override
      public void sessionLost() {
        heard.add("session lost");
      }

      @Override
      public void stopped(WorkerEnd end) {
        heard.add("stopped");
      }
    };
  }
}
