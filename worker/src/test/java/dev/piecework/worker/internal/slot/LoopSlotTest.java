package dev.piecework.worker.internal.slot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.RedisUnreachableException;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.Supply;
import dev.piecework.worker.WorkerConfig;
import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.internal.WorkerAssembly;
import dev.piecework.worker.internal.exchange.FakeQueuePort;
import dev.piecework.worker.internal.exchange.Ticker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole workers whose slots run loops, on a queue in memory. */
@Timeout(60)
@Tag("slow")
class LoopSlotTest {

  private final FakeQueuePort port = FakeQueuePort.holding(10);

  private RunningWorker start(SlotLoop loop) {
    return new WorkerAssembly(port, WorkerConfig.DEFAULTS, Ticker.SYSTEM).loops(loop);
  }

  /** As loops do that end what runs when they are interrupted. */
  private static void untilInterrupted(Supply supply, Attempt attempt) {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException cutOff) {
      Thread.currentThread().interrupt();
      supply.finish(attempt, Outcome.release());
    }
  }

  /** Stops a worker whose dispatcher hangs in a call of Redis that heeds no interrupt. */
  private WorkerEnd stopWhileRedisHangs(SlotLoop loop) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    port.trip =
        () -> {
          if (begun.getCount() > 0) {
            return;
          }
          hangs.countDown();
          boolean waiting = true;
          while (waiting) {
            try {
              never.await();
              waiting = false;
            } catch (InterruptedException unheeded) {
              // As a socket.
            }
          }
        };
    RunningWorker worker =
        start((slot, supply) -> {
          Attempt done = supply.take();
          Attempt running = supply.take();
          begun.countDown();
          if (done == null || running == null) {
            throw new AssertionError("there are ten");
          }
          supply.finish(done, Outcome.done());
          untilInterrupted(supply, running);
          loop.run(slot, supply);
        });
    hangs.await();
    worker.stop(Duration.ofMillis(100));
    WorkerEnd end = worker.await(Duration.ofSeconds(30)).orElseThrow();
    never.countDown();
    return end;
  }

  @Test
  void aLoopThatReturnsWhenItIsCutOffIsAStopAndNoFailureThoughRedisHangs() throws Exception {
    assertThat(stopWhileRedisHangs((slot, supply) -> {})).isInstanceOf(WorkerEnd.Stopped.class);
  }

  @Test
  void whatAnInterruptMakesALoopThrowIsAStopAndNoFailure() throws Exception {
    assertThat(
            stopWhileRedisHangs((slot, supply) -> {
              throw new IllegalStateException("closed by an interrupt");
            }))
        .isInstanceOf(WorkerEnd.Stopped.class);
  }

  @Test
  void aPauseThatCannotBeWrittenChargesNoItemAndEndsAsRedisDoes() throws Exception {
    port.pauseFails = new RedisUnreachableException("gone", null);
    RunningWorker worker =
        start((slot, supply) -> {
          Attempt attempt = supply.take();
          assertThat(attempt).isNotNull();
          supply.pauseQueue("the command is gone");
        });
    assertThat(worker.await()).isInstanceOf(WorkerEnd.RedisGone.class);
    assertThat(port.ended).isEmpty();
    assertThat(port.waiting).hasSize(10);
  }

  @Test
  void aLoopThatFailsOnAnItemIsAFailureAndChargesTheItem() throws Exception {
    RunningWorker worker =
        start((slot, supply) -> {
          Attempt attempt = supply.take();
          throw new IllegalStateException("poison " + attempt);
        });
    assertThat(worker.await()).isInstanceOf(WorkerEnd.Failed.class);
    assertThat(port.ended).hasSize(1);
  }
}
