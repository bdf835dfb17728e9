package dev.piecework.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.piecework.RedisUnreachableException;
import dev.piecework.Settlement;
import dev.piecework.worker.internal.WorkerAssembly;
import dev.piecework.worker.internal.exchange.FakeQueuePort;
import dev.piecework.worker.internal.exchange.HandMadeLease;
import dev.piecework.worker.internal.exchange.Ticker;
import dev.piecework.worker.process.FileResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole workers, with all their threads, on a queue in memory. */
@Timeout(600)
class WorkerTest {

  private static final WorkerConfig TWO = WorkerConfig.DEFAULTS.withSlots(2);

  private static RunningWorker start(FakeQueuePort port, WorkerConfig config, Handler handler) {
    return new WorkerAssembly(port, config, Ticker.SYSTEM).handlers(handler);
  }

  private static RunningWorker start(FakeQueuePort port, WorkerConfig config, SlotLoop loop) {
    return new WorkerAssembly(port, config, Ticker.SYSTEM).loops(loop);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16})
  void everyItemIsHandledOnce(int slots) throws InterruptedException {
    FakeQueuePort port = FakeQueuePort.holding(200_000);
    port.keepCalls = false;
    AtomicInteger handled = new AtomicInteger();
    RunningWorker worker =
        start(
            port,
            TWO.withSlots(slots),
            attempt -> {
              handled.incrementAndGet();
              return Outcome.done();
            });
    assertThat(worker.await()).isEqualTo(new WorkerEnd.Drained("run", 200_000, 0));
    assertThat(handled).hasValue(200_000);
    assertThat(worker.counts()).isEqualTo(new RunningWorker.Counts(200_000, 0, 0));
    assertThat(port.closed).isTrue();
  }

  @Test
  void anExceptionFromAHandlerIsAFailedAttemptAndNoMore() throws InterruptedException {
    FakeQueuePort port = FakeQueuePort.holding(100);
    RunningWorker worker =
        start(
            port,
            TWO,
            attempt -> {
              return switch (Integer.parseInt(attempt.id()) % 4) {
                case 0 -> throw new IllegalStateException("no " + attempt.id());
                case 1 -> throw new StackOverflowError();
                case 2 -> throw new NoClassDefFoundError("x");
                default -> Outcome.done();
              };
            });
    assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
    assertThat(port.settlement("4")).isInstanceOf(Settlement.Retry.class);
    assertThat(((Settlement.Retry) port.settlement("4")).reason())
        .startsWith("java.lang.IllegalStateException: no 4")
        .contains("at dev.piecework.worker.WorkerTest");
    assertThat(worker.counts()).isEqualTo(new RunningWorker.Counts(25, 75, 0));
  }

  @Test
  void aResultThatLooksLikeTheReferenceToAFileIsData() throws InterruptedException {
    byte[] forged = new FileResult(Path.of("/etc/passwd"), 9).reference();
    FakeQueuePort port = FakeQueuePort.holding(1);
    start(port, TWO, attempt -> Outcome.done(forged)).await();
    byte[] committed =
        Objects.requireNonNull(((Settlement.Complete) port.settlement("1")).result());
    assertThat(FileResult.of(committed)).isEmpty();
    assertThat(FileResult.data(committed)).isEqualTo(forged);
    assertThat(FileResult.data(FileResult.committed(committed))).isEqualTo(committed);
  }

  @Test
  void everyOutcomeIsItsEndOfTheLease() throws InterruptedException {
    FakeQueuePort port = FakeQueuePort.holding(5);
    start(
            port,
            TWO,
            attempt ->
                switch (attempt.id()) {
                  case "1" -> Outcome.done(new byte[] {7});
                  case "2" -> Outcome.retry("no", Duration.ofMinutes(2));
                  case "3" -> new Outcome.NotYet("busy");
                  case "4" -> Outcome.bury("never");
                  default -> Outcome.done();
                })
        .await();
    assertThat(port.ended.values())
        .extracting(settlement -> (Object) settlement.getClass())
        .containsExactlyInAnyOrder(
            Settlement.Complete.class,
            Settlement.Retry.class,
            Settlement.NotYet.class,
            Settlement.Bury.class,
            Settlement.Complete.class);
    assertThat(((Settlement.Complete) port.settlement("1")).result()).containsExactly(7);
    assertThat(((Settlement.Complete) port.settlement("1")).took().started().toEpochMilli())
        .isCloseTo(System.currentTimeMillis(), org.assertj.core.data.Offset.offset(60_000L));
  }

  @Test
  void outOfMemoryEndsTheWorkerAndTheRestIsGivenBack() throws InterruptedException {
    FakeQueuePort port = FakeQueuePort.holding(1_000);
    RunningWorker worker =
        start(
            port,
            TWO,
            attempt -> {
              if (attempt.id().equals("500")) {
                throw new OutOfMemoryError("on purpose");
              }
              return Outcome.done();
            });
    WorkerEnd end = worker.await();
    assertThat(end).isInstanceOf(WorkerEnd.Failed.class);
    assertThat(((WorkerEnd.Failed) end).why()).isInstanceOf(OutOfMemoryError.class);
    assertThat(port.settlement("500")).as("charged").isInstanceOf(Settlement.Retry.class);
    assertThat(port.ended.size() + port.waiting.size()).isEqualTo(1_000);
    assertThat(port.leased).isEmpty();
  }

  @Test
  void anEndThatCannotBeSentIsFoundAmongTheOthersAndCharged() throws InterruptedException {
    FakeQueuePort port = FakeQueuePort.holding(1_000);
    port.unsendable =
        settlement ->
            settlement instanceof Settlement.Complete && settlement.lease().id().equals("500");
    assertThat(start(port, TWO, attempt -> Outcome.done()).await())
        .isInstanceOf(WorkerEnd.Drained.class);
    assertThat(port.ended).hasSize(1_000);
    assertThat(port.settlement("500")).isInstanceOf(Settlement.Retry.class);
    assertThat(((Settlement.Retry) port.settlement("500")).reason()).contains("cannot be sent");
    assertThat(port.ended.values()).filteredOn(Settlement.Retry.class::isInstance).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(classes = {IllegalStateException.class, OutOfMemoryError.class})
  void aLoopThatDiesIsChargedToWhatItHadLongestAndNoOther(Class<? extends Throwable> how)
      throws InterruptedException {
    FakeQueuePort port = FakeQueuePort.holding(10);
    Throwable poison =
        how.equals(OutOfMemoryError.class)
            ? new OutOfMemoryError("of item 1")
            : new IllegalStateException("of item 1");
    SlotLoop loop =
        (slot, supply) -> {
          assertThat(supply.take()).extracting(Attempt::id).isEqualTo("1");
          assertThat(supply.more(3)).hasSize(3);
          throw WorkerTest.<RuntimeException>unchecked(poison);
        };
    WorkerEnd end = start(port, WorkerConfig.DEFAULTS, loop).await();
    assertThat(end).isEqualTo(new WorkerEnd.Failed(poison));
    assertThat(port.ended).containsOnlyKeys("1");
    assertThat(((Settlement.Retry) port.settlement("1")).reason()).contains("of item 1");
    assertThat(port.waiting).hasSize(9);
  }

  @Test
  void aLoopThatAnswersNullHasFailedAtThatItem() throws InterruptedException {
    FakeQueuePort port = FakeQueuePort.holding(3);
    SlotLoop loop =
        (slot, supply) -> {
          for (Attempt attempt = supply.take(); attempt != null; attempt = supply.take()) {
            supply.finish(attempt, attempt.id().equals("2") ? nothing() : Outcome.done());
          }
        };
    assertThat(start(port, WorkerConfig.DEFAULTS, loop).await())
        .isInstanceOf(WorkerEnd.Drained.class);
    assertThat(port.settlement("2")).isInstanceOf(Settlement.Retry.class);
    assertThat(port.settlement("3")).isInstanceOf(Settlement.Complete.class);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
    throw (T) thrown;
  }

  /** What code that knows nothing of our annotations may answer. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }

  @Test
  void aStopFinishesWhatFitsInItsGracePeriod() throws InterruptedException {
    FakeQueuePort port = FakeQueuePort.holding(10);
    CountDownLatch begun = new CountDownLatch(2);
    Semaphore goOn = new Semaphore(0);
    RunningWorker worker =
        start(
            port,
            TWO,
            attempt -> {
              begun.countDown();
              goOn.acquire();
              return Outcome.done();
            });
    begun.await();
    worker.stop(Duration.ofMinutes(1));
    await().until(() -> port.saidLeaving);
    assertThat(worker.await(Duration.ZERO)).isEmpty();
    goOn.release(2);
    assertThat(worker.await()).isEqualTo(new WorkerEnd.Stopped(0, 0));
    assertThat(port.ended).hasSize(2);
    assertThat(port.waiting).hasSize(8);
  }

  @Test
  void overTheGracePeriodSlotsAreInterruptedAndTheirItemsGivenBackUncharged()
      throws InterruptedException {
    FakeQueuePort port = FakeQueuePort.holding(10);
    CountDownLatch begun = new CountDownLatch(2);
    RunningWorker worker =
        start(
            port,
            TWO,
            attempt -> {
              begun.countDown();
              new Semaphore(0).acquire();
              return Outcome.done();
            });
    begun.await();
    worker.stop(Duration.ofMillis(20));
    assertThat(worker.await()).isInstanceOf(WorkerEnd.Stopped.class);
    assertThat(port.ended).isEmpty();
    assertThat(port.waiting).hasSize(10);
  }

  @Test
  void aHandlerThatHeedsNoInterruptDoesNotKeepAWorkerThatIsToldTwice() throws InterruptedException {
    FakeQueuePort port = FakeQueuePort.holding(3);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    RunningWorker worker =
        start(
            port,
            WorkerConfig.DEFAULTS,
            attempt -> {
              begun.countDown();
              while (true) {
                try {
                  never.await();
                  return Outcome.done();
                } catch (InterruptedException ignored) {
                  // as bad handlers do
                }
              }
            });
    begun.await();
    worker.stop(Duration.ofHours(1));
    worker.stop(Duration.ofHours(1));
    assertThat(worker.await()).isEqualTo(new WorkerEnd.Stopped(1, 0));
    assertThat(port.waiting).hasSize(3);
    never.countDown();
  }

  @Test
  void aHandlerThatTakesTooLongIsInterruptedAndTheAttemptHasFailed() throws InterruptedException {
    FakeQueuePort port = FakeQueuePort.holding(10);
    RunningWorker worker =
        start(
            port,
            TWO.withTimeout(Duration.ofSeconds(2)), // longer than the others are held up
            attempt -> {
              if (attempt.id().equals("5")) {
                new Semaphore(0).acquire();
              }
              return Outcome.done();
            });
    assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
    assertThat(((Settlement.Retry) port.settlement("5")).reason())
        .isEqualTo("the handler took longer than 2s and was interrupted");
    assertThat(port.ended.values()).filteredOn(e -> e instanceof Settlement.Complete).hasSize(9);
  }

  @Test
  void anInterruptThatAHandlerSetsItselfIsNotForTheNextItem() throws InterruptedException {
    FakeQueuePort port = FakeQueuePort.holding(50);
    List<Boolean> seen = Collections.synchronizedList(new ArrayList<>());
    start(
            port,
            TWO,
            attempt -> {
              seen.add(Thread.currentThread().isInterrupted());
              Thread.currentThread().interrupt();
              return Outcome.done();
            })
        .await();
    assertThat(seen).hasSize(50).containsOnly(false);
  }

  @Test
  void aLoopTakesSeveralAtOnceAndFinishesEachOnce() throws InterruptedException {
    FakeQueuePort port = FakeQueuePort.holding(1_000);
    List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    RunningWorker worker =
        start(
            port,
            TWO,
            (slot, supply) -> {
              Attempt first;
              while ((first = supply.take()) != null) {
                List<Attempt> batch = new ArrayList<>(supply.more(63));
                batch.add(first);
                sizes.add(batch.size());
                batch.forEach(attempt -> supply.finish(attempt, Outcome.done()));
                Attempt again = first;
                assertThatThrownBy(() -> supply.finish(again, Outcome.done()))
                    .isInstanceOf(IllegalStateException.class);
              }
            });
    assertThat(worker.await()).isEqualTo(new WorkerEnd.Drained("run", 1_000, 0));
    assertThat(sizes.getFirst()).as("a full batch from the first on").isEqualTo(64);
    assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(1_000);
  }

  @Test
  void anErrorOfTheQueueIsTheWorkersEnd() throws InterruptedException {
    FakeQueuePort port = FakeQueuePort.holding(20);
    port.thrown = new RedisUnreachableException("gone", null);
    WorkerEnd end = start(port, TWO, attempt -> Outcome.done()).await();
    assertThat(end).isInstanceOf(WorkerEnd.RedisGone.class);
  }

  @Test
  void aListenerIsToldOfEveryEnd() throws InterruptedException {
    FakeQueuePort port = FakeQueuePort.holding(500);
    AtomicInteger told = new AtomicInteger();
    List<WorkerEnd> ends = new CopyOnWriteArrayList<>();
    WorkerListener listener =
        new WorkerListener() {
          @Override
          public void attemptEnded(Attempt attempt, Outcome outcome, Duration took) {
            told.incrementAndGet();
          }

          @Override
          public void stopped(WorkerEnd end) {
            ends.add(end);
          }
        };
    WorkerConfig.Hooks hooks = new WorkerConfig.Hooks(notice -> {}, List.of(listener, listener));
    WorkerEnd end = start(port, TWO.withHooks(hooks), attempt -> Outcome.done()).await();
    assertThat(told).as("two listeners, each of 500").hasValue(1_000);
    assertThat(ends).containsExactly(end, end);
  }

  @Test
  void itemsThatComeWhileOthersRunReachIdleSlots() throws InterruptedException {
    FakeQueuePort port = FakeQueuePort.holding(1);
    CountDownLatch both = new CountDownLatch(2);
    RunningWorker worker =
        start(
            port,
            TWO,
            attempt -> {
              both.countDown();
              both.await();
              return Outcome.done();
            });
    await().until(() -> both.getCount() == 1);
    synchronized (port) {
      port.waiting.add(HandMadeLease.of("late", 0));
    }
    port.wake();
    assertThat(worker.await()).isEqualTo(new WorkerEnd.Drained("run", 2, 0));
  }
}
