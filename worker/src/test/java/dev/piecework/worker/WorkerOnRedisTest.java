package dev.piecework.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.FillOptions;
import dev.piecework.Item;
import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.Keep;
import dev.piecework.Producer;
import dev.piecework.QueueConfig;
import dev.piecework.QueueStatus.Counts;
import dev.piecework.WorkQueue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whole workers on a real Redis. */
@Tag("slow")
class WorkerOnRedisTest extends OnRedis {

  @Test
  void severalWorkersDrainABagTogetherEveryItemOnce() throws InterruptedException {
    WorkQueue queue = quick();
    fill(queue, 20_000);
    ConcurrentHashMap<String, Integer> handled = new ConcurrentHashMap<>();
    Handler handler =
        attempt -> {
          handled.merge(attempt.text(), 1, Integer::sum);
          return Outcome.done();
        };
    RunningWorker first = running(Worker.on(quick()).slots(4).start(handler));
    RunningWorker second = running(Worker.on(quick()).slots(3).start(handler));
    assertThat(first.await()).isInstanceOf(WorkerEnd.Drained.class);
    assertThat(second.await()).isInstanceOf(WorkerEnd.Drained.class);
    assertThat(handled).hasSize(20_000);
    assertThat(handled.values()).containsOnly(1);
    assertThat(counts(queue)).isEqualTo(new Counts(0, 0, 0, 20_000, 0, 0));
  }

  @Test
  void resultsAreKeptWithTheirItems() throws InterruptedException {
    WorkQueue queue = open(QUICK.withKeep(Keep.RESULTS));
    fill(queue, 3_000);
    Handler doubled =
        attempt -> Outcome.done((attempt.text() + attempt.text()).getBytes(StandardCharsets.UTF_8));
    assertThat(Worker.on(queue).slots(2).run(doubled)).isInstanceOf(WorkerEnd.Drained.class);
    Set<String> seen = new ConcurrentSkipListSet<>();
    queue
        .results()
        .forEach(result -> {
          String payload = new String(result.payload(), StandardCharsets.UTF_8);
          assertThat(new String(result.result(), StandardCharsets.UTF_8))
              .isEqualTo(payload + payload);
          assertThat(seen.add(payload)).isTrue();
        });
    assertThat(seen).hasSize(3_000);
  }

  @Test
  void aHandlerThatAlwaysThrowsIsTriedThreeTimesThenTheItemIsDead() throws InterruptedException {
    WorkQueue queue = quick();
    fill(queue, 10);
    AtomicInteger tries = new AtomicInteger();
    WorkerEnd end =
        Worker.on(queue)
            .slots(2)
            .run(attempt -> {
              if (attempt.text().equals("item 7")) {
                tries.incrementAndGet();
                throw new IllegalStateException("poison " + attempt.number());
              }
              return Outcome.done();
            });
    assertThat(end)
        .isInstanceOfSatisfying(
            WorkerEnd.Drained.class,
            drained -> {
              assertThat(drained.dead()).isEqualTo(1);
              assertThat(drained.done()).isEqualTo(9);
            });
    assertThat(tries).hasValue(3);
    List<ItemView> dead = queue.admin().items(ItemState.DEAD).toList();
    assertThat(dead).hasSize(1);
    assertThat(dead.getFirst().error()).contains("poison 3");
  }

  @Test
  void aHandlerThatIsTooSlowIsInterruptedAndTriedAgain() throws InterruptedException {
    WorkQueue queue = quick();
    fill(queue, 5);
    AtomicInteger interrupted = new AtomicInteger();
    WorkerEnd end =
        Worker.on(queue)
            .slots(2)
            .timeout(Duration.ofMillis(50))
            .run(attempt -> {
              if (attempt.text().equals("item 3") && attempt.number() == 1) {
                try {
                  new Semaphore(0).acquire();
                } finally {
                  interrupted.incrementAndGet();
                }
              }
              return Outcome.done();
            });
    assertThat(end).isInstanceOf(WorkerEnd.Drained.class);
    assertThat(interrupted).hasValue(1);
    assertThat(counts(queue).done()).isEqualTo(5);
  }

  @Test
  void aStopFinishesWhatRunsAndGivesBackTheRest() throws InterruptedException {
    WorkQueue queue = quick();
    fill(queue, 1_000);
    CountDownLatch begun = new CountDownLatch(202);
    Semaphore goOn = new Semaphore(200);
    RunningWorker worker =
        running(
            Worker.on(queue)
                .slots(2)
                .start(attempt -> {
                  begun.countDown();
                  goOn.acquire();
                  return Outcome.done();
                }));
    begun.await();
    worker.stop(Duration.ofMinutes(1));
    await().until(() -> counts(queue).leased() == 2);
    goOn.release(2);
    assertThat(worker.await()).isInstanceOf(WorkerEnd.Stopped.class);
    assertThat(counts(queue)).isEqualTo(new Counts(798, 0, 0, 202, 0, 0));
    assertThat(queue.admin().items(ItemState.WAITING).map(item -> item.attempts().failed()))
        .containsOnly(0);
  }

  @Test
  void overTheGracePeriodWhatRunsIsInterruptedAndGivenBack() throws InterruptedException {
    WorkQueue queue = quick();
    fill(queue, 10);
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch never = new CountDownLatch(1);
    RunningWorker worker =
        running(
            Worker.on(queue)
                .slots(2)
                .start(attempt -> {
                  begun.countDown();
                  never.await();
                  return Outcome.done();
                }));
    begun.await();
    worker.stop(Duration.ofMillis(1));
    assertThat(worker.await()).isEqualTo(new WorkerEnd.Stopped(0, 0));
    assertThat(counts(queue)).isEqualTo(new Counts(10, 0, 0, 0, 0, 0));
    assertThat(Worker.on(queue).run(attempt -> Outcome.done()))
        .isInstanceOfSatisfying(
            WorkerEnd.Drained.class, drained -> assertThat(drained.done()).isEqualTo(10));
  }

  @Test
  void aWorkerStaysWhileAProducerStreams() throws InterruptedException {
    WorkQueue queue = quick();
    BlockingQueue<String> handled = new LinkedBlockingQueue<>();
    RunningWorker worker =
        running(
            Worker.on(quick())
                .slots(2)
                .start(attempt -> {
                  handled.add(attempt.text());
                  return Outcome.done();
                }));
    try (Producer producer = queue.produce(FillOptions.as("stream"))) {
      for (int i = 0; i < 20; i++) {
        producer.add(Item.of("item " + i));
        producer.flush();
        assertThat(handled.poll(10, TimeUnit.SECONDS)).isEqualTo("item " + i);
        assertThat(worker.await(Duration.ZERO)).isEmpty();
      }
      producer.finish();
    }
    assertThat(worker.await())
        .isInstanceOfSatisfying(
            WorkerEnd.Drained.class, drained -> assertThat(drained.done()).isEqualTo(20));
  }

  @Test
  void aPauseIsHeededAndSaidOnceAndAResumeToo() throws InterruptedException {
    WorkQueue queue = quick();
    fill(queue, 3);
    queue.admin().pause("lunch");
    List<String> said = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger handled = new AtomicInteger();
    RunningWorker worker =
        running(
            Worker.on(quick())
                .notices(said::add)
                .start(attempt -> {
                  handled.incrementAndGet();
                  return Outcome.done();
                }));
    await().until(() -> !said.isEmpty());
    assertThat(said).containsExactly("the queue is paused: lunch; 'resume' lets it go on");
    assertThat(handled).hasValue(0);
    queue.admin().resume();
    assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
    assertThat(handled).hasValue(3);
    assertThat(said).hasSize(1);
  }

  @Test
  void aLoopPausesTheQueueForAFaultThatWouldBurnEveryItem() {
    WorkQueue queue = quick();
    fill(queue, 3);
    running(
        Worker.on(quick())
            .start((slot, supply) -> {
              Attempt attempt = supply.take();
              while (attempt != null) {
                supply.pauseQueue("the command has vanished");
                supply.finish(attempt, Outcome.release());
                attempt = supply.take();
              }
            }));
    await().until(() -> queue.admin().status().pausedFor() != null && counts(queue).waiting() == 3);
    assertThat(queue.admin().status().pausedFor()).isEqualTo("the command has vanished");
  }

  @Test
  void everyWorkerEndsWhenAllThatTheyDoFails() throws InterruptedException {
    WorkQueue queue = quick();
    fill(queue, 1_000);
    queue.admin().set("stop-early", "auto");
    List<RunningWorker> workers =
        Stream.of(1, 2)
            .map(slots ->
                running(Worker.on(quick()).slots(slots).start(attempt -> Outcome.retry("no /lib"))))
            .toList();
    for (RunningWorker worker : workers) {
      assertThat(worker.await())
          .isInstanceOfSatisfying(
              WorkerEnd.StoppedEarly.class, end -> assertThat(end.why()).contains("no P"));
    }
    assertThat(Worker.on(quick()).run(attempt -> Outcome.done()))
        .as("who comes later")
        .isInstanceOf(WorkerEnd.StoppedEarly.class);
    assertThat(counts(queue).total()).isEqualTo(1_000);
    assertThat(counts(queue).leased() + counts(queue).done()).isZero();
    queue.admin().resume();
    assertThat(Worker.on(quick()).run(attempt -> Outcome.done()))
        .isInstanceOf(WorkerEnd.Drained.class);
  }

  @Test
  void oneThatMayLeaveEarlyDoesWhileAnotherHoldsTheRest() throws InterruptedException {
    WorkQueue queue = quick();
    fill(queue, 2);
    CountDownLatch begun = new CountDownLatch(2);
    Semaphore goOn = new Semaphore(0);
    RunningWorker busy =
        running(
            Worker.on(quick())
                .slots(2)
                .start(attempt -> {
                  begun.countDown();
                  goOn.acquire();
                  return Outcome.done();
                }));
    begun.await();
    assertThat(Worker.on(quick()).leaveEarly().run(attempt -> Outcome.done()))
        .isEqualTo(new WorkerEnd.LeftEarly());
    goOn.release(2);
    assertThat(busy.await()).isInstanceOf(WorkerEnd.Drained.class);
  }

  @Test
  void oneThatGoesOnForEverWorksOnTheNextRunToo() throws InterruptedException {
    WorkQueue queue = quick();
    Semaphore handled = new Semaphore(0);
    RunningWorker worker =
        running(
            Worker.on(quick())
                .forever()
                .start(attempt -> {
                  handled.release();
                  return Outcome.done();
                }));
    for (int run = 0; run < 3; run++) {
      fill(queue, 5);
      assertThat(handled.tryAcquire(5, 10, TimeUnit.SECONDS)).isTrue();
      await().until(queue::isDrained);
    }
    worker.stop(Duration.ofSeconds(10));
    assertThat(worker.await()).isEqualTo(new WorkerEnd.Stopped(0, 0));
  }

  @Test
  void aQueueThatIsNeverFilledIsNotDrained() throws InterruptedException {
    assertThat(Worker.on(quick()).waitForFill(Duration.ofMillis(50)).run(attempt -> Outcome.done()))
        .isEqualTo(new WorkerEnd.NeverFilled(Duration.ofMillis(50)));
  }

  @Test
  void aRedisThatDoesNotComeBackEndsTheWorkerAfterTheTimeout() throws InterruptedException {
    fill(quick(), 100);
    // Each single call may take as long: more than a slow disk needs for one.
    QueueConfig config =
        QueueConfig.of(redis.uri(), "bag")
            .withSettings(QUICK)
            .withRedisTimeout(Duration.ofSeconds(3));
    AtomicBoolean killed = new AtomicBoolean();
    RunningWorker worker =
        running(
            Worker.on(open(config))
                .start(attempt -> {
                  if (attempt.text().equals("item 1")) {
                    killed.set(true);
                    redis.kill();
                  }
                  return Outcome.done();
                }));
    WorkerEnd end = worker.await();
    assertThat(killed).as("it had begun").isTrue();
    assertThat(end).isInstanceOf(WorkerEnd.RedisGone.class);
  }

  @Test
  void aRedisThatComesBackIsWaitedForAndNothingIsLost() throws InterruptedException {
    WorkQueue queue = quick();
    fill(queue, 2_000);
    AtomicInteger handled = new AtomicInteger();
    RunningWorker worker =
        running(
            Worker.on(quick())
                .slots(2)
                .start(attempt -> {
                  if (handled.incrementAndGet() == 700) {
                    redis.kill();
                    redis.start();
                  }
                  return Outcome.done();
                }));
    assertThat(worker.await())
        .isInstanceOfSatisfying(
            WorkerEnd.Drained.class, drained -> assertThat(drained.done()).isEqualTo(2_000));
  }

  @Test
  void aPurgeUnderARunningWorkerIsTheLossOfItsRun() throws InterruptedException {
    WorkQueue queue = quick();
    fill(queue, 100);
    CountDownLatch begun = new CountDownLatch(1);
    Semaphore goOn = new Semaphore(0);
    RunningWorker worker =
        running(
            Worker.on(quick())
                .start(attempt -> {
                  begun.countDown();
                  goOn.acquire();
                  return Outcome.done();
                }));
    begun.await();
    queue.admin().purge();
    goOn.release(1_000);
    assertThat(worker.await()).isInstanceOf(WorkerEnd.RunLost.class);
  }
}
