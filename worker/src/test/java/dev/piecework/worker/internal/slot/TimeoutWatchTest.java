package dev.piecework.worker.internal.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.Settlement;
import dev.piecework.worker.Handler;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.internal.exchange.HandMadeLease;
import dev.piecework.worker.internal.exchange.Ticker;
import dev.piecework.worker.internal.exchange.WakeUp;
import dev.piecework.worker.internal.exchange.WorkerContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimeoutWatchTest {

  private final AtomicLong now = new AtomicLong(1_000_000_000_000L);
  private final Ticker ticker = new Ticker(now::get, () -> Instant.EPOCH);
  private final WakeUp wakeUp = new WakeUp();
  private final WorkerContext context = WorkerContext.of(wakeUp, ticker, List.of());
  private final SlotPool pool = new SlotPool(wakeUp);
  private final TimeoutWatch watch = new TimeoutWatch(pool, ticker);

  @Test
  void aHandlerThatHeedsNoInterruptIsReplaced() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
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
    Duration timeout = Duration.ofSeconds(10);
    pool.start(new HandlerSlot(stubborn, context, pool, timeout, new SlotTally(0)));
    context.buffer().put(List.of(HandMadeLease.of("stuck", 0), HandMadeLease.of("next", 0)));
    begun.await();
    long started = now.get();
    assertThat(watch.sweep(now.get())).isEqualTo(started + timeout.toNanos());

    now.addAndGet(timeout.toNanos());
    long due = watch.sweep(now.get());
    assertThat(due).isEqualTo(started + timeout.toNanos() + TimeoutWatch.GRACE);
    assertThat(context.outbox().isEmpty()).isTrue();

    now.addAndGet(TimeoutWatch.GRACE);
    watch.sweep(now.get());
    List<Settlement> settlements = new ArrayList<>();
    await()
        .until(() -> {
          context.outbox().drainTo(settlements, 10);
          return settlements.size() == 2;
        });
    assertThat(settlements.get(0)).isInstanceOf(Settlement.Retry.class);
    assertThat(settlements.get(1).lease().id()).isEqualTo("next");
    assertThat(pool.slots()).hasSize(1);
    assertThat(pool.totals().failed()).isEqualTo(1);

    never.countDown();
    context.buffer().close();
    await().until(pool::allLeft);
    context.outbox().drainTo(settlements, 10);
    assertThat(settlements).as("what the late one says is not heard").hasSize(2);
  }
}
