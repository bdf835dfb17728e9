package dev.piecework.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.CallListener;
import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.Keep;
import dev.piecework.QueueConfig;
import dev.piecework.QueueStatus.Counts;
import dev.piecework.StopEarly;
import dev.piecework.WorkQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Workers go by what is stored with the queue, also when that is changed while they run. */
@Tag("slow")
class QueueSettingsInWorkersTest extends OnRedis {

  private static Outcome tooLarge(Attempt attempt) {
    return Outcome.done(new byte[attempt.text().equals("item 2") ? 101 : 100]);
  }

  private void onlyTheSecondIsBuried(WorkQueue queue, RunningWorker worker) throws Exception {
    assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
    assertThat(counts(queue)).isEqualTo(new Counts(0, 0, 0, 2, 1, 0));
    ItemView dead = queue.admin().items(ItemState.DEAD).findFirst().orElseThrow();
    assertThat(dead.error())
        .isEqualTo(
            "the result of item 2 has 101 bytes, the queue takes results up to 100 (result-max)");
    assertThat(dead.attempts().begun()).isEqualTo(1);
    assertThat(worker.counts().done()).isEqualTo(2);
    assertThat(worker.counts().failed()).isEqualTo(1);
  }

  @Test
  void aHandlersResultThatIsTooLargeBuriesItsItem() throws Exception {
    WorkQueue queue = open(QUICK.withKeep(Keep.RESULTS).withResultMax(100));
    fill(queue, 3);
    onlyTheSecondIsBuried(
        queue, running(Worker.on(queue).start(QueueSettingsInWorkersTest::tooLarge)));
  }

  @Test
  void soDoesThatOfALoop() throws Exception {
    WorkQueue queue = open(QUICK.withKeep(Keep.RESULTS).withResultMax(100));
    fill(queue, 3);
    SlotLoop loop =
        (slot, supply) -> {
          for (Attempt attempt = supply.take(); attempt != null; attempt = supply.take()) {
            supply.finish(attempt, tooLarge(attempt));
          }
        };
    onlyTheSecondIsBuried(queue, running(Worker.on(queue).start(loop)));
  }

  /** As docs/failure.md advises: the heartbeat follows, and the item in hand is not lost. */
  @Test
  void aLeaseTimeoutThatIsMadeShorterCostsALiveWorkerNothing() throws Exception {
    WorkQueue queue = open(QUICK.withLeaseTimeout(Duration.ofSeconds(6)));
    fill(queue, 1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger attempts = new AtomicInteger();
    RunningWorker worker =
        running(
            Worker.on(queue)
                .start(attempt -> {
                  attempts.incrementAndGet();
                  assertThat(go.await(60, TimeUnit.SECONDS)).isTrue();
                  return Outcome.done();
                }));
    await().until(() -> attempts.get() == 1);
    WorkQueue person = quick();
    person.admin().set("lease-timeout", "1s");
    // It is heard by the old interval once, then by the new one: longer ago than a lease timeout
    // never.
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          assertThat(person.admin().status().counts()).isEqualTo(new Counts(0, 1, 0, 0, 0, 0));
          return System.nanoTime() > end;
        });
    go.countDown();
    assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
    assertThat(attempts.get()).isEqualTo(1);
    assertThat(worker.counts().refused()).isZero();
  }

  /** One that stays for ever sees no loss; the others on its queue object must all the same. */
  @Test
  void aWorkerForEverDoesNotKeepOthersFromNoticingALostRun() throws Exception {
    WorkQueue queue = quick();
    fill(queue, 2);
    CountDownLatch both = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    Handler waits =
        attempt -> {
          both.countDown();
          assertThat(go.await(60, TimeUnit.SECONDS)).isTrue();
          return Outcome.done();
        };
    RunningWorker careful = running(Worker.on(queue).maxBatch(1).start(waits));
    RunningWorker forever = running(Worker.on(queue).maxBatch(1).forever().start(waits));
    assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
    try (Jedis person = new Jedis("127.0.0.1", redis.port())) {
      person.flushAll();
    }
    quick().fill(List.of(dev.piecework.Item.of("new")).stream());
    go.countDown();
    assertThat(careful.await()).isInstanceOf(WorkerEnd.RunLost.class);
    await().until(() -> counts(queue).done() == 1);
    forever.stop(Duration.ZERO);
  }

  @Test
  void whatStopsItEarlyIsAskedForOnlyWhileNothingIsDone() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    QueueConfig config =
        QueueConfig.of(redis.uri(), "bag")
            .withSettings(QUICK.withAttempts(1).withStopEarly(StopEarly.auto()));
    CallListener listener =
        call -> {
          if (call.script().equals("read_failures")) {
            asked.incrementAndGet();
          }
          return CallListener.Answered.NOBODY;
        };
    try (WorkQueue queue = WorkQueue.open(config, listener)) {
      fill(queue, 300);
      // The first five fail, then one is done, and each fifth fails.
      AtomicInteger begun = new AtomicInteger();
      Handler handler =
          attempt -> {
            int number = begun.incrementAndGet();
            return number <= 5 || number % 5 == 0 ? Outcome.bury("bad") : Outcome.done();
          };
      try (RunningWorker worker = Worker.on(queue).start(handler)) {
        assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
      }
      assertThat(counts(queue)).isEqualTo(new Counts(0, 0, 0, 236, 64, 0));
      assertThat(asked.get()).isBetween(1, 5);
    }
  }
}
