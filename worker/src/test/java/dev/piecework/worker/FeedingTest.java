package dev.piecework.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.Ending;
import dev.piecework.Lease;
import dev.piecework.Standing;
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
import org.junit.jupiter.api.Test;

/** Drives the feeder's turns by hand: the test is the slots, the clock and the queue. */
class FeedingTest {

  private final List<String> said = new ArrayList<>();
  private final List<Thread> takers = new ArrayList<>();
  private final Queue<Lease> taken = new ConcurrentLinkedQueue<>();
  private long now = TimeUnit.HOURS.toNanos(1);
  private final Ticker ticker = new Ticker(() -> now, () -> Instant.EPOCH);
  private FakeDesk desk = new FakeDesk();
  private final Bell bell = new Bell();
  private final Floor floor = Floor.of(bell, ticker, null);
  private final Crew crew = new Crew(bell);
  private final SlotTally tally = new SlotTally();
  private WorkerConfig config =
      WorkerConfig.DEFAULTS.withSlots(2).withHooks(new WorkerConfig.Hooks(said::add, null));
  private @Nullable Feeding feeding;
  private @Nullable Holdings holdings;

  private void start(int items) {
    desk = FakeDesk.holding(items);
    desk.trip = () -> now += 100_000;
    Notices notices = new Notices(config.hooks().notices());
    Pacing pacing = new Pacing(config.slots(), config.maxLot());
    holdings = new Holdings(desk, floor, pacing, notices, new Crew.Dropped());
    Waiting waiting = new Waiting(desk, config, notices, ticker);
    feeding = new Feeding(floor, crew, holdings, pacing, waiting);
    crew.start(new IdleSlot());
  }

  /** Only counts; its thread ends at once. */
  private final class IdleSlot implements Slot {
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
  void sendTakersHome() {
    floor.shelf().close();
  }

  /** A slot that waits for a lease; it keeps what it gets. */
  private void aSlotWaits() {
    int before = floor.shelf().asked();
    Thread taker =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                Lease lease = floor.shelf().take();
                if (lease != null) {
                  taken.add(lease);
                }
              } catch (InterruptedException never) {
                throw new AssertionError(never);
              }
            });
    takers.add(taker);
    await().until(() -> floor.shelf().asked() > before);
  }

  private void takersAreServed() throws InterruptedException {
    for (Thread taker : takers) {
      taker.join(Duration.ofSeconds(10));
      assertThat(taker.isAlive()).isFalse();
    }
    takers.clear();
  }

  private void end(Lease lease, Duration took) {
    tally.count(Outcome.done(), took.toNanos(), took.toNanos());
    floor.end(Ending.complete(lease));
  }

  /** Turns until the feeder would sleep. */
  private Next turns() {
    Next next = feeding().turn();
    for (int i = 0; next instanceof Next.Turn; i++) {
      assertThat(i).as("it goes round and round").isLessThan(100);
      next = feeding().turn();
    }
    return next;
  }

  private Feeding feeding() {
    return Objects.requireNonNull(feeding);
  }

  private Lease poll() {
    return Objects.requireNonNull(floor.shelf().poll());
  }

  /** Tiny items, until the feeder leases them in lots. */
  private void warmUp() throws InterruptedException {
    for (int round = 0; round < 14; round++) {
      aSlotWaits();
      turns();
      takersAreServed();
      end(taken.remove(), Duration.ofNanos(1_000));
      for (Lease lease = floor.shelf().poll(); lease != null; lease = floor.shelf().poll()) {
        end(lease, Duration.ofNanos(1_000));
      }
      now += 1_000_000;
    }
    turns();
    desk.calls.clear();
  }

  @Test
  void atFirstItLeasesForFreeSlotsOnly() throws InterruptedException {
    start(100);
    aSlotWaits();
    aSlotWaits();
    assertThat(turns()).isInstanceOf(Next.Park.class);
    assertThat(desk.calls).containsExactly(new FakeDesk.Call(List.of(), 2, 2));
    takersAreServed();
  }

  @Test
  void slowItemsAreNotLeasedAhead() throws InterruptedException {
    start(100);
    aSlotWaits();
    turns();
    takersAreServed();
    end(desk.leased.iterator().next(), Duration.ofSeconds(3));
    aSlotWaits();
    turns();
    assertThat(desk.last().endings()).as("the end travels with the next lease").hasSize(1);
    assertThat(desk.last().want()).isEqualTo(1);
    assertThat(floor.shelf().unstarted()).isLessThanOrEqualTo(1);
    takersAreServed();
  }

  @Test
  void tinyItemsTravelInLots() throws InterruptedException {
    start(100_000);
    warmUp();
    assertThat(floor.shelf().unstarted()).isGreaterThan(500);
    end(poll(), Duration.ofNanos(1_000));
    assertThat(turns()).as("an end waits for others").isInstanceOf(Next.Park.class);
    assertThat(desk.calls).isEmpty();
    now += TimeUnit.MILLISECONDS.toNanos(10);
    turns();
    assertThat(desk.calls).as("but not for long").hasSize(1);
    assertThat(desk.last().endings()).hasSize(1);
  }

  @Test
  void whatLiesWhileASlowItemRunsIsGivenBack() throws InterruptedException {
    start(100_000);
    warmUp();
    poll(); // and it runs, and runs
    int lying = floor.shelf().unstarted();
    now += Feeding.STALL * 10;
    assertThat(turns()).isEqualTo(new Next.Park(Feeding.UNTIL_RUNG));
    assertThat(floor.shelf().unstarted()).isZero();
    long released =
        desk.calls.stream()
            .flatMap(call -> call.endings().stream())
            .filter(ending -> ending instanceof Ending.Release)
            .count();
    assertThat(released).isEqualTo(lying);
    assertThat(desk.leased).hasSize(1);
  }

  @Test
  void anItemThatKilledWorkersIsAlone() throws InterruptedException {
    start(1);
    desk.waiting.add(HandMadeLease.of("culprit", 2));
    desk.waiting.add(HandMadeLease.of("other", 0));
    aSlotWaits();
    turns();
    takersAreServed();
    Lease first = desk.leased.iterator().next();
    aSlotWaits();
    assertThat(turns()).isEqualTo(new Next.Park(Feeding.UNTIL_RUNG));
    assertThat(desk.leased).as("what is held is finished first").containsExactly(first);
    end(first, Duration.ofSeconds(1));
    turns();
    takersAreServed();
    assertThat(desk.leased).extracting(Lease::id).containsExactly("culprit");
    aSlotWaits();
    int calls = desk.calls.size();
    turns();
    assertThat(desk.calls).as("nothing beside it").hasSize(calls);
    end(desk.leased.iterator().next(), Duration.ofSeconds(1));
    turns();
    takersAreServed();
    assertThat(desk.leased).extracting(Lease::id).containsExactly("other");
  }

  @Test
  void aLostSessionDropsWhatIsNotBegunAndSaysOnceThatItIsRefused() throws InterruptedException {
    start(100_000);
    warmUp();
    List<Lease> running = List.of(poll(), poll());
    desk.refuseAll = true;
    desk.waiting.clear();
    feeding().sessionLost();
    turns();
    assertThat(floor.shelf().unstarted()).isZero();
    assertThat(said).as("what was not begun is no news").isEmpty();
    running.forEach(lease -> end(lease, Duration.ofMillis(1)));
    now += Feeding.STALL;
    turns();
    assertThat(said).hasSize(1).first().asString().contains("too late");
  }

  @Test
  void aPauseIsSaidOnce() {
    start(3);
    desk.standing = new Standing.Paused("lunch");
    aSlotWaits();
    for (int i = 0; i < 5; i++) {
      assertThat(turns()).isInstanceOf(Next.AwaitChange.class);
      now += TimeUnit.SECONDS.toNanos(1);
    }
    assertThat(said).containsExactly("the queue is paused: lunch; 'resume' lets it go on");
  }

  @Test
  void whatIsWaitedForIsSaidOnceThoughTheNumbersChange() {
    start(0);
    aSlotWaits();
    for (int i = 1; i < 6; i++) {
      desk.standing =
          new Standing.NotYet(Duration.ofMillis(300), i + " leased by 2 sessions", false);
      assertThat(turns()).isEqualTo(new Next.AwaitChange(Duration.ofMillis(300)));
      now += TimeUnit.SECONDS.toNanos(1);
    }
    desk.standing = new Standing.NotYet(Duration.ofMillis(300), "producer 'scan'", false);
    turns();
    assertThat(said)
        .containsExactly("waiting for 3 leased by 2 sessions", "waiting for producer 'scan'");
  }

  @Test
  void aQueueThatWasNeverFilledIsWaitedForSoLong() {
    start(0);
    desk.standing = new Standing.NeverFilled();
    aSlotWaits();
    assertThat(turns()).isInstanceOf(Next.AwaitChange.class);
    now += Duration.ofSeconds(59).toNanos();
    assertThat(turns()).isInstanceOf(Next.AwaitChange.class);
    now += Duration.ofSeconds(1).toNanos();
    assertThat(turns()).isEqualTo(new Next.End(new WorkerEnd.NeverFilled(Duration.ofMinutes(1))));
  }

  @Test
  void everyEndOfTheQueueIsAnEndOfTheWorker() {
    start(0);
    aSlotWaits();
    assertThat(turns()).isEqualTo(new Next.End(new WorkerEnd.Drained("run", 0, 0)));
    desk.standing = new Standing.Incomplete(List.of("scan"));
    assertThat(turns()).isEqualTo(new Next.End(new WorkerEnd.Incomplete(List.of("scan"))));
    desk.standing = new Standing.Lost("came back empty");
    assertThat(turns()).isEqualTo(new Next.End(new WorkerEnd.RunLost("came back empty")));
  }

  @Test
  void oneThatGoesOnForEverDoesNotEndWithTheRun() {
    config = config.withLeaving(WorkerConfig.Leaving.NEVER);
    start(0);
    aSlotWaits();
    assertThat(turns()).isInstanceOf(Next.AwaitChange.class);
    desk.standing = new Standing.NeverFilled();
    now += Duration.ofHours(1).toNanos();
    assertThat(turns()).isInstanceOf(Next.AwaitChange.class);
  }

  @Test
  void oneThatMayLeavesWhileOthersHoldTheRest() {
    config = config.withLeaving(WorkerConfig.Leaving.EARLY);
    start(0);
    desk.standing = new Standing.NotYet(Duration.ofSeconds(1), "1 leased", false);
    aSlotWaits();
    assertThat(turns()).isEqualTo(new Next.End(new WorkerEnd.LeftEarly()));
  }
}
