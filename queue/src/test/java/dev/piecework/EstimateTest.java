package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.estimate.EndEstimate;
import dev.piecework.estimate.EndEstimate.Stall;
import dev.piecework.internal.session.SingleSession;
import dev.piecework.journal.ItemTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Redis keeps for the estimate of the end, and what becomes of it. */
class EstimateTest {

  private final Bench bench = Bench.shared();

  @AfterEach
  void close() {
    bench.close();
  }

  /** A worker that is at these of its items for a minute. */
  private record AtForAMinute(List<Lease> leases) implements Session.Reporter {

    @Override
    public QueueStatus.@Nullable OldestItem oldest() {
      return running().isEmpty() ? null : running().getFirst();
    }

    @Override
    public List<QueueStatus.OldestItem> running() {
      return leases.stream()
          .map(lease ->
              new QueueStatus.OldestItem(lease.id(), lease.attempt(), Duration.ofMinutes(1), false))
          .toList();
    }

    @Override
    public Session.SlotTimes slots() {
      return Session.SlotTimes.NONE;
    }
  }

  private static List<Settlement> done(List<Lease> leases) {
    return leases.stream()
        .map(lease ->
            (Settlement)
                new Settlement.Complete(
                    lease,
                    null,
                    null,
                    new Settlement.Took(Instant.ofEpochMilli(1_000), Duration.ofSeconds(1), 0)))
        .toList();
  }

  @Test
  void theHeartbeatTellsTheAgesOfAllThatIsUnderWay() {
    WorkQueue queue = bench.open();
    queue.fill(Bench.numbers(50));
    SingleSession session = (SingleSession) Bench.session(queue);
    List<Lease> leases = session.lease(30).leases();
    session.step(done(leases.subList(0, 25)), 0);
    session.reportBy(new AtForAMinute(leases.subList(25, 29)));
    session.beat();

    QueueStatus.SessionView view = queue.admin().status().sessions().getFirst();
    assertThat(view.ages()).isEqualTo(new ItemTimes(Map.of(ItemTimes.bucketOf(60_000), 4L)));
    assertThat(view.holds()).isEqualTo(5);
    EndEstimate end = queue.admin().estimate();
    assertThat(end).isInstanceOf(EndEstimate.Range.class);
    // What has outlasted all that are done lets nobody believe that it ends soon.
    assertThat(((EndEstimate.Range) end).high()).isGreaterThan(Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void eachAgeIsCountedOnceHoweverManyPartitionsThereAre(int partitions) {
    QueueSettings settings =
        Bench.SETTINGS.withLeaseTimeout(Duration.ofMillis(90)).withPartitions(partitions);
    WorkQueue queue = bench.with(settings);
    queue.fill(Bench.numbers(30));
    Session session = Bench.session(queue);
    List<Lease> leases = new ArrayList<>();
    while (leases.size() < 30) {
      leases.addAll(session.lease(30 - leases.size()).leases());
    }
    session.reportBy(new AtForAMinute(leases));
    await()
        .untilAsserted(() ->
            assertThat(
                    queue.admin().status().sessions().stream()
                        .map(QueueStatus.SessionView::ages)
                        .reduce(ItemTimes.NONE, ItemTimes::plus))
                .isEqualTo(new ItemTimes(Map.of(ItemTimes.bucketOf(60_000), 30L))));
  }

  @Test
  void whatIsPausedOrHasNoWorkerDoesNotEnd() {
    WorkQueue queue = bench.open();
    assertThat(queue.admin().estimate()).isEqualTo(new EndEstimate.NothingLeft());
    queue.fill(Bench.numbers(5));
    assertThat(queue.admin().estimate())
        .isEqualTo(new EndEstimate.Stalled(Stall.NO_WORKER, Duration.ZERO));
    Session session = Bench.session(queue);
    assertThat(queue.admin().estimate()).isInstanceOf(EndEstimate.TooEarly.class);
    queue.admin().pause("lunch");
    assertThat(queue.admin().estimate())
        .isEqualTo(new EndEstimate.Stalled(Stall.NOTHING_IS_LEASED, Duration.ZERO));
    queue.admin().resume();
    session.step(Bench.complete(session.lease(5).leases()), 0);
    assertThat(queue.admin().estimate()).isEqualTo(new EndEstimate.NothingLeft());
  }
}
