package dev.piecework.worker.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.RedisUnreachableException;
import dev.piecework.worker.Handler;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.WorkerConfig;
import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.internal.WorkerAssembly;
import dev.piecework.worker.internal.exchange.FakeQueuePort;
import dev.piecework.worker.internal.exchange.Ticker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole workers that are told to stop, on a queue in memory that may be away. */
@Timeout(60)
class StopDeadlineTest {

  private static RunningWorker start(FakeQueuePort port, WorkerConfig config, Handler handler) {
    return new WorkerAssembly(port, config, Ticker.SYSTEM).handlers(handler);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aStopIsInTimeAndTellsTheTruthThoughRedisIsAway(boolean heedsInterrupts) throws Exception {
    FakeQueuePort port = FakeQueuePort.holding(10);
    CountDownLatch ended = new CountDownLatch(1);
    CountDownLatch away = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    port.trip =
        () -> {
          if (ended.getCount() == 0) {
            away.countDown();
            awaitInRedis(never, heedsInterrupts);
          }
        };
    RunningWorker worker =
        start(
            port,
            WorkerConfig.DEFAULTS,
            attempt -> {
              ended.countDown();
              return Outcome.done();
            });
    away.await();
    worker.stop(Duration.ofMillis(100));
    // It takes 2 s or so; one that waits for Redis never ends.
    assertThat(worker.await(Duration.ofSeconds(30)).orElseThrow())
        .isEqualTo(new WorkerEnd.Stopped(0, 1));
    never.countDown();
  }

  /** A call that waits out an outage, or hangs in a socket. */
  private static void awaitInRedis(CountDownLatch back, boolean heedsInterrupts) {
    while (true) {
      try {
        back.await();
        throw new RedisUnreachableException("gone", null);
      } catch (InterruptedException told) {
        if (heedsInterrupts) {
          Thread.currentThread().interrupt();
          throw new RedisUnreachableException("gone", null);
        }
      }
    }
  }

  @Test
  void whoIsToStopWhenIdleFinishesWhatRunsAndHeedsAStopAfterThat() throws Exception {
    FakeQueuePort port = FakeQueuePort.holding(10);
    CountDownLatch begun = new CountDownLatch(2);
    Semaphore goOn = new Semaphore(0);
    RunningWorker worker =
        start(
            port,
            WorkerConfig.DEFAULTS.withSlots(2),
            attempt -> {
              begun.countDown();
              goOn.acquire();
              return Outcome.done();
            });
    begun.await();
    worker.stopWhenIdle();
    goOn.release(1);
    await().until(() -> worker.counts().done() == 1);
    assertThat(worker.await(Duration.ofMillis(50))).isEmpty();
    worker.stop(Duration.ofMinutes(5));
    goOn.release(1);
    assertThat(worker.await()).isEqualTo(new WorkerEnd.Stopped(0, 0));
    assertThat(port.ended).hasSize(2);
    assertThat(port.waiting).hasSize(8);
  }
}
