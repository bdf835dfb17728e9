package dev.piecework.worker.internal.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.Lease;
import dev.piecework.Settlement;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Handler;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.WorkerConfig;
import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.internal.WorkerAssembly;
import dev.piecework.worker.internal.exchange.FakeQueuePort;
import dev.piecework.worker.internal.exchange.HandMadeLease;
import dev.piecework.worker.internal.exchange.Ticker;
import dev.piecework.worker.internal.exchange.WakeUp;
import dev.piecework.worker.internal.exchange.WorkerContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Items that a person drops while a worker has them. */
@Timeout(600)
class DropWhileWorkingTest {

  private final List<String> said = new CopyOnWriteArrayList<>();
  private final List<String> handled = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch begun = new CountDownLatch(1);

  private WorkerAssembly assembly(FakeQueuePort port) {
    WorkerConfig config = WorkerConfig.DEFAULTS;
    config = config.withHooks(new WorkerConfig.Hooks(said::add, config.hooks().listeners()));
    return new WorkerAssembly(port, config, Ticker.SYSTEM);
  }

  @Test
  void theHandlerIsInterruptedAndNothingIsCounted() throws Exception {
    FakeQueuePort port = FakeQueuePort.holding(4);
    WorkerAssembly assembly = assembly(port);
    RunningWorker worker =
        assembly.handlers(attempt -> {
          handled.add(attempt.id());
          if (attempt.id().equals("1")) {
            begun.countDown();
            new CountDownLatch(1).await();
          }
          assertThat(Thread.currentThread().isInterrupted()).isFalse();
          return Outcome.done();
        });
    begun.await();
    assembly.dropped(port.drop("1"));
    assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
    assertThat(handled).containsExactly("1", "2", "3", "4");
    assertThat(port.ended).containsOnlyKeys("2", "3", "4");
    assertThat(worker.counts()).isEqualTo(new RunningWorker.Counts(3, 0, 0));
    assertThat(said)
        .containsExactly("item 1 was dropped: the work on it is stopped, nothing is counted");
  }

  @Test
  void aLoopIsToldWhichOfItsAttemptsIsDropped() throws Exception {
    FakeQueuePort port = FakeQueuePort.holding(4);
    WorkerAssembly assembly = assembly(port);
    CountDownLatch looked = new CountDownLatch(1);
    RunningWorker worker =
        assembly.loops((slot, supply) -> {
          Attempt attempt;
          while ((attempt = supply.take()) != null) {
            handled.add(attempt.id());
            if (attempt.id().equals("1")) {
              begun.countDown();
              Attempt first = attempt;
              await().until(() -> supply.isDropped(first));
              looked.countDown();
              supply.finish(attempt, Outcome.retry("not heard"));
            } else {
              assertThat(supply.isDropped(attempt)).isFalse();
              supply.finish(attempt, Outcome.done());
            }
          }
        });
    begun.await();
    assembly.dropped(port.drop("1"));
    looked.await();
    assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
    assertThat(handled).containsExactly("1", "2", "3", "4");
    assertThat(worker.counts().refused()).as("it is known why").isZero();
    assertThat(said).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatWasPrefetchedIsNotBegun(boolean byHandler) throws Exception {
    WakeUp wakeUp = new WakeUp();
    WorkerContext context = WorkerContext.of(wakeUp, Ticker.SYSTEM, List.of());
    SlotPool pool = new SlotPool(wakeUp);
    CountDownLatch go = new CountDownLatch(1);
    Handler handler =
        attempt -> {
          handled.add(attempt.id());
          begun.countDown();
          go.await();
          return Outcome.done();
        };
    SlotLoop loop =
        (slot, supply) -> {
          Attempt attempt;
          while ((attempt = supply.take()) != null) {
            handled.add(attempt.id());
            begun.countDown();
            go.await();
            supply.finish(attempt, Outcome.done());
          }
        };
    List<Lease> leases = Stream.of("1", "2", "3").map(id -> HandMadeLease.of(id, 0)).toList();
    context.buffer().put(leases);
    pool.start(
        byHandler
            ? new HandlerSlot(handler, context, pool, null, new SlotTally(0))
            : new LoopSlot(0, loop, context, new FakeQueuePort(), pool));
    begun.await();
    assertThat(pool.drop(leases.get(1))).as("nobody works on it").isFalse();
    go.countDown();
    List<Settlement> settlements = new ArrayList<>();
    await()
        .until(() -> {
          context.outbox().drainTo(settlements, 10);
          return settlements.size() == 3;
        });
    assertThat(handled).containsExactly("1", "3");
    assertThat(settlements)
        .extracting(settlement -> settlement.lease().id())
        .containsExactly("1", "2", "3");
    assertThat(settlements.get(1)).isInstanceOf(Settlement.Release.class);
    assertThat(pool.totals().failed()).isZero();
    context.buffer().close();
    await().until(pool::allLeft);
  }

  @Test
  void aHandlerThatDoesNotHeedItsInterruptIsReplacedWithoutATimeout() throws Exception {
    AtomicLong now = new AtomicLong(1_000_000_000_000L);
    Ticker ticker = new Ticker(now::get, () -> Instant.EPOCH);
    WakeUp wakeUp = new WakeUp();
    WorkerContext context = WorkerContext.of(wakeUp, ticker, List.of());
    SlotPool pool = new SlotPool(wakeUp);
    TimeoutWatch watch = new TimeoutWatch(pool, ticker);
    CountDownLatch never = new CountDownLatch(1);
    Handler stubborn =
        attempt -> {
          begun.countDown();
          while (attempt.id().equals("stuck") && never.getCount() > 0) {
            try {
              never.await();
            } catch (InterruptedException ignored) {
              // as bad handlers do
            }
          }
          return Outcome.done();
        };
    pool.start(new HandlerSlot(stubborn, context, pool, null, new SlotTally(0)));
    Lease stuck = HandMadeLease.of("stuck", 0);
    context.buffer().put(List.of(stuck, HandMadeLease.of("next", 0)));
    begun.await();
    assertThat(pool.drop(stuck)).isTrue();
    assertThat(pool.drop(stuck)).as("told once").isFalse();
    assertThat(watch.sweep(now.get())).isEqualTo(now.get() + TimeoutWatch.GRACE);
    assertThat(context.outbox().isEmpty()).isTrue();

    now.addAndGet(TimeoutWatch.GRACE);
    watch.sweep(now.get());
    List<Settlement> settlements = new ArrayList<>();
    await()
        .until(() -> {
          context.outbox().drainTo(settlements, 10);
          return settlements.size() == 2;
        });
    assertThat(settlements.get(0)).isInstanceOf(Settlement.Release.class);
    assertThat(settlements.get(1).lease().id()).isEqualTo("next");
    assertThat(pool.totals().failed()).isZero();
    never.countDown();
    context.buffer().close();
    await().until(pool::allLeft);
  }
}
