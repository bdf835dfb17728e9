package dev.piecework.worker.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.Lease;
import dev.piecework.QueueState;
import dev.piecework.Settlement;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.WorkerConfig;
import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.WorkerListener;
import dev.piecework.worker.internal.exchange.DroppedLeases;
import dev.piecework.worker.internal.exchange.FakeQueuePort;
import dev.piecework.worker.internal.exchange.HandMadeLease;
import dev.piecework.worker.internal.exchange.Ticker;
import dev.piecework.worker.internal.exchange.WakeUp;
import dev.piecework.worker.internal.exchange.WorkerContext;
import dev.piecework.worker.internal.slot.Slot;
import dev.piecework.worker.internal.slot.SlotPool;
import dev.piecework.worker.internal.slot.SlotTally;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Drives the dispatcher's turns by hand: the test is the slots, the clock and the queue. */
@Tag("slow")
class DispatchTurnTest {

  private final List<String> said = new ArrayList<>();
  private final List<Thread> takers = new ArrayList<>();
  private final Queue<Lease> taken = new ConcurrentLinkedQueue<>();
  private long now = TimeUnit.HOURS.toNanos(1);
  private final Ticker ticker = new Ticker(() -> now, () -> Instant.EPOCH);
  private FakeQueuePort port = new FakeQueuePort();
  private final WakeUp wakeUp = new WakeUp();
  private final List<String> lost = new ArrayList<>();
  private final WorkerListener listener =
      new WorkerListener() {
        @Override
        public void leaseLost(Attempt attempt) {
          lost.add(attempt.id());
        }
      };
  private final WorkerContext context = WorkerContext.of(wakeUp, ticker, List.of(listener));
  private final SlotPool pool = new SlotPool(wakeUp);
  private final SlotTally tally = new SlotTally(0);
  private WorkerConfig config =
      WorkerConfig.DEFAULTS.withSlots(2).withHooks(new WorkerConfig.Hooks(said::add, List.of()));
  private @Nullable DispatchTurn dispatchTurn;
  private @Nullable Holdings holdings;

  private void start(int items) {
    port = FakeQueuePort.holding(items);
    port.trip = () -> now += 100_000;
    Notices notices = new Notices(config.hooks().notices());
    BatchTiming timing = new BatchTiming(config.slots(), config.maxBatch());
    holdings = new Holdings(port, context, timing, notices, new DroppedLeases());
    Waiting waiting = new Waiting(port, config, notices, ticker);
    dispatchTurn = new DispatchTurn(context, pool, holdings, timing, waiting);
    pool.start(new IdleSlot());
  }

  /** Only counts; its thread ends at once. */
  private final class IdleSlot implements Slot {
    @Override
    public long busyNanos(long now) {
      return 0;
    }

    @Override
    public boolean drop(Lease lease) {
      return false;
    }

    @Override
    public void run() {}

    @Override
    public @Nullable Running oldest() {
      return null;
    }

    @Override
    public SlotTally tally() {
      return tally;
    }
  }

  @AfterEach
  void endTakers() {
    context.buffer().close();
  }

  /** A slot that waits for a lease; it keeps what it gets. */
  private void aSlotWaits() {
    int before = context.buffer().asked();
    Thread taker =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                Lease lease = context.buffer().take();
                if (lease != null) {
                  taken.add(lease);
                }
              } catch (InterruptedException never) {
                throw new AssertionError(never);
              }
            });
    takers.add(taker);
    await().until(() -> context.buffer().asked() > before);
  }

  private void takersAreServed() throws InterruptedException {
    for (Thread taker : takers) {
      taker.join(Duration.ofSeconds(10));
      assertThat(taker.isAlive()).isFalse();
    }
    takers.clear();
  }

  private void end(Lease lease, Duration took) {
    tally.count(Outcome.done(), took.toNanos());
    context.end(Settlement.complete(lease));
  }

  /** Turns until the dispatcher would sleep. */
  private DispatchDecision turns() {
    DispatchDecision next = dispatchTurn().turn();
    for (int i = 0; next instanceof DispatchDecision.Again; i++) {
      assertThat(i).as("it goes round and round").isLessThan(100);
      next = dispatchTurn().turn();
    }
    return next;
  }

  private DispatchTurn dispatchTurn() {
    return Objects.requireNonNull(dispatchTurn);
  }

  private Lease poll() {
    return Objects.requireNonNull(context.buffer().poll());
  }

  /** Tiny items, until the dispatcher leases them in batches. */
  private void warmUp() throws InterruptedException {
    for (int round = 0; round < 14; round++) {
      aSlotWaits();
      turns();
      takersAreServed();
      end(taken.remove(), Duration.ofNanos(1_000));
      for (Lease lease = context.buffer().poll(); lease != null; lease = context.buffer().poll()) {
        end(lease, Duration.ofNanos(1_000));
      }
      now += 1_000_000;
    }
    turns();
    port.calls.clear();
  }

  @Test
  void atFirstItLeasesForFreeSlotsOnly() throws InterruptedException {
    start(100);
    aSlotWaits();
    aSlotWaits();
    assertThat(turns()).isInstanceOf(DispatchDecision.Park.class);
    assertThat(port.calls).containsExactly(new FakeQueuePort.Call(List.of(), 2, 2));
    takersAreServed();
  }

  @Test
  void slowItemsAreNotLeasedAhead() throws InterruptedException {
    start(100);
    aSlotWaits();
    turns();
    takersAreServed();
    end(port.leased.iterator().next(), Duration.ofSeconds(3));
    aSlotWaits();
    turns();
    assertThat(port.last().settlements()).as("the end travels with the next lease").hasSize(1);
    assertThat(port.last().want()).isEqualTo(1);
    assertThat(context.buffer().unstarted()).isLessThanOrEqualTo(1);
    takersAreServed();
  }

  @Test
  void tinyItemsTravelInBatches() throws InterruptedException {
    start(100_000);
    warmUp();
    assertThat(context.buffer().unstarted()).isGreaterThan(500);
    end(poll(), Duration.ofNanos(1_000));
    assertThat(turns()).as("an end waits for others").isInstanceOf(DispatchDecision.Park.class);
    assertThat(port.calls).isEmpty();
    now += TimeUnit.MILLISECONDS.toNanos(10);
    turns();
    assertThat(port.calls).as("but not for long").hasSize(1);
    assertThat(port.last().settlements()).hasSize(1);
  }

  @Test
  void whatLiesWhileASlowItemRunsIsGivenBack() throws InterruptedException {
    start(100_000);
    warmUp();
    poll(); // and it runs, and runs
    int lying = context.buffer().unstarted();
    now += DispatchTurn.STALL * 10;
    assertThat(turns()).isEqualTo(new DispatchDecision.Park(DispatchTurn.UNTIL_WOKEN));
    assertThat(context.buffer().unstarted()).isZero();
    long released =
        port.calls.stream()
            .flatMap(call -> call.settlements().stream())
            .filter(settlement -> settlement instanceof Settlement.Release)
            .count();
    assertThat(released).isEqualTo(lying);
    assertThat(port.leased).hasSize(1);
  }

  @Test
  void anItemThatKilledWorkersIsAlone() throws InterruptedException {
    start(1);
    port.waiting.add(HandMadeLease.of("lost-twice", 2));
    port.waiting.add(HandMadeLease.of("other", 0));
    aSlotWaits();
    turns();
    takersAreServed();
    Lease first = port.leased.iterator().next();
    aSlotWaits();
    assertThat(turns()).isEqualTo(new DispatchDecision.Park(DispatchTurn.UNTIL_WOKEN));
    assertThat(port.leased).as("what is held is finished first").containsExactly(first);
    end(first, Duration.ofSeconds(1));
    turns();
    takersAreServed();
    assertThat(port.leased).extracting(Lease::id).containsExactly("lost-twice");
    aSlotWaits();
    int calls = port.calls.size();
    turns();
    assertThat(port.calls).as("nothing beside it").hasSize(calls);
    end(port.leased.iterator().next(), Duration.ofSeconds(1));
    turns();
    takersAreServed();
    assertThat(port.leased).extracting(Lease::id).containsExactly("other");
  }

  @Test
  void aLostSessionDropsWhatIsNotBegunAndSaysOnceThatItIsRefused() throws InterruptedException {
    start(100_000);
    warmUp();
    List<Lease> running = List.of(poll(), poll());
    port.refuseAll = true;
    port.waiting.clear();
    dispatchTurn().sessionLost();
    turns();
    assertThat(context.buffer().unstarted()).isZero();
    assertThat(said).as("what was not begun is no news").isEmpty();
    running.forEach(lease -> end(lease, Duration.ofMillis(1)));
    now += DispatchTurn.STALL;
    turns();
    assertThat(said).hasSize(1).first().asString().contains("too late");
    assertThat(lost).as("told of each").isEqualTo(running.stream().map(Lease::id).toList());
  }

  @Test
  void aPauseIsSaidOnce() {
    start(3);
    port.state = new QueueState.Paused("lunch");
    aSlotWaits();
    for (int i = 0; i < 5; i++) {
      assertThat(turns()).isInstanceOf(DispatchDecision.AwaitChange.class);
      now += TimeUnit.SECONDS.toNanos(1);
    }
    assertThat(said).containsExactly("the queue is paused: lunch; 'resume' lets it go on");
  }

  @Test
  void whatIsWaitedForIsSaidOnceThoughTheNumbersChange() {
    start(0);
    aSlotWaits();
    for (int i = 1; i < 6; i++) {
      port.state =
          new QueueState.NotYet(Duration.ofMillis(300), new QueueState.WaitReason.Leased(i, 2));
      assertThat(turns()).isEqualTo(new DispatchDecision.AwaitChange(Duration.ofMillis(300)));
      now += TimeUnit.SECONDS.toNanos(1);
    }
    port.state =
        new QueueState.NotYet(
            Duration.ofMillis(300), new QueueState.WaitReason.ProducerOpen("scan"));
    turns();
    assertThat(said)
        .containsExactly("waiting for 3 leased by 2 sessions", "waiting for producer 'scan'");
  }

  @Test
  void aQueueThatWasNeverFilledIsWaitedForSoLong() {
    start(0);
    port.state = new QueueState.NeverFilled();
    aSlotWaits();
    assertThat(turns()).isInstanceOf(DispatchDecision.AwaitChange.class);
    now += Duration.ofSeconds(59).toNanos();
    assertThat(turns()).isInstanceOf(DispatchDecision.AwaitChange.class);
    now += Duration.ofSeconds(1).toNanos();
    assertThat(turns())
        .isEqualTo(new DispatchDecision.End(new WorkerEnd.NeverFilled(Duration.ofMinutes(1))));
  }

  @Test
  void everyEndOfTheQueueIsAnEndOfTheWorker() {
    start(0);
    aSlotWaits();
    assertThat(turns()).isEqualTo(new DispatchDecision.End(new WorkerEnd.Drained("run", 0, 0)));
    port.state = new QueueState.Incomplete(List.of("scan"));
    assertThat(turns())
        .isEqualTo(new DispatchDecision.End(new WorkerEnd.Incomplete(List.of("scan"))));
    port.state = new QueueState.Lost("came back empty");
    assertThat(turns())
        .isEqualTo(new DispatchDecision.End(new WorkerEnd.RunLost("came back empty")));
  }

  @Test
  void oneThatGoesOnForEverDoesNotEndWithTheRun() {
    config = config.withLeaving(WorkerConfig.Leaving.NEVER);
    start(0);
    aSlotWaits();
    assertThat(turns()).isInstanceOf(DispatchDecision.AwaitChange.class);
    port.state = new QueueState.NeverFilled();
    now += Duration.ofHours(1).toNanos();
    assertThat(turns()).isInstanceOf(DispatchDecision.AwaitChange.class);
  }

  @Test
  void aQueueThatIsStoppedEarlyEndsEachButOneThatGoesOnForEver() {
    config = config.withLeaving(WorkerConfig.Leaving.EARLY);
    start(0);
    QueueState.Paused early = new QueueState.Paused(QueueState.Paused.STOPPED_EARLY + "all failed");
    port.state = early;
    aSlotWaits();
    assertThat(turns())
        .isEqualTo(new DispatchDecision.End(new WorkerEnd.StoppedEarly(early.reason())));
    config = config.withLeaving(WorkerConfig.Leaving.NEVER);
    start(0);
    port.state = early;
    aSlotWaits();
    assertThat(turns()).isInstanceOf(DispatchDecision.AwaitChange.class);
  }

  @Test
  void oneThatMayLeavesWhileOthersHoldTheRest() {
    config = config.withLeaving(WorkerConfig.Leaving.EARLY);
    start(0);
    port.state =
        new QueueState.NotYet(Duration.ofSeconds(1), new QueueState.WaitReason.Leased(1, 1));
    aSlotWaits();
    assertThat(turns()).isEqualTo(new DispatchDecision.End(new WorkerEnd.LeftEarly()));
  }
}
