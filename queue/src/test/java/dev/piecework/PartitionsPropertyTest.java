package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.internal.partition.PartitionedSession;
import dev.piecework.testrun.Effort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random producers, workers and crashes on a queue in partitions, on a real Redis. After each step
 * nothing is lost or there twice, and drained is said only when it is true; at the end each item
 * has one final state, and the results are those of the completions.
 */
@Tag("slow")
class PartitionsPropertyTest {

  private static final int STEPS = 250;

  static Stream<Long> seeds() {
    String one = System.getProperty("seed");
    return one != null
        ? Stream.of(Long.parseLong(one))
        : new Random().longs(Effort.of(3)).map(Math::abs).boxed();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whateverHappensEachItemEndsOnce(long seed) {
    System.out.println("PartitionsPropertyTest: -Dseed=" + seed);
    try (Bench bench = Bench.shared()) {
      new RandomCampaign(bench, new Random(seed)).play();
    }
  }

  /** One random history, and what must come of it. */
  private static final class RandomCampaign {
    private final Bench bench;
    private final Random random;
    private final WorkQueue queue;
    private final Map<String, String> ended = new HashMap<>();
    private final Set<String> added = new HashSet<>();
    private final List<Producer> producers = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();
    private final List<Lease> held = new ArrayList<>();
    private final Set<Lease> late = new HashSet<>();

    RandomCampaign(Bench bench, Random random) {
      this.bench = bench;
      this.random = random;
      int partitions = 2 + random.nextInt(5);
      this.queue =
          bench.with(
              Bench.SETTINGS
                  .withPartitions(partitions)
                  .withKeep(Keep.RESULTS)
                  .withAttempts(2)
                  .withLosses(100));
    }

    void play() {
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(9)) {
          case 0 -> open();
          case 1, 2 -> add();
          case 3 -> finish();
          case 4, 5 -> lease();
          case 6, 7 -> end();
          default -> leaseTimeout();
        }
        look();
      }
      wrapUp();
    }

    private void open() {
      // What is done is counted anew in a run that begins after drained.
      if (producers.size() < 2 && !queue.isDrained()) {
        producers.add(queue.produce(FillOptions.ANONYMOUS));
      }
    }

    private void add() {
      if (!producers.isEmpty()) {
        Producer producer = producers.get(random.nextInt(producers.size()));
        for (int i = random.nextInt(6); i >= 0; i--) {
          String text = "item " + added.size();
          Item item = Item.of(text);
          producer.add(random.nextInt(4) == 0 ? item.withId(text) : item);
          added.add(text);
        }
        producer.flush();
      }
    }

    private void finish() {
      if (!producers.isEmpty()) {
        producers.remove(random.nextInt(producers.size())).finish(() -> {});
      }
    }

    private void lease() {
      if (sessions.size() < 3) {
        sessions.add(Bench.session(queue));
      }
      Session session = sessions.get(random.nextInt(sessions.size()));
      held.addAll(session.lease(1 + random.nextInt(5)).leases());
    }

    private void end() {
      if (held.isEmpty()) {
        return;
      }
      Lease lease = held.remove(random.nextInt(held.size()));
      Settlement settlement =
          switch (random.nextInt(6)) {
            case 0 -> new Settlement.Retry(lease, "again", java.util.Optional.of(Duration.ZERO));
            case 1 -> new Settlement.Bury(lease, "no use");
            case 2 -> new Settlement.Release(lease);
            default -> Settlement.complete(lease, lease.payload());
          };
      Session session = owner(lease);
      LeaseBatch batch = session.step(List.of(settlement), random.nextInt(2));
      held.addAll(batch.leases());
      assertThat(batch.refused().isEmpty()).isEqualTo(!late.contains(lease));
      if (batch.refused().isEmpty()) {
        String how =
            settlement instanceof Settlement.Complete ? "done" : dead(settlement) ? "dead" : "";
        if (!how.isEmpty()) {
          assertThat(ended.put(lease.text(), how)).as(lease.text()).isNull();
        }
      }
    }

    private static boolean dead(Settlement settlement) {
      return settlement instanceof Settlement.Bury
          || (settlement instanceof Settlement.Retry
              && settlement.lease().attempt() - settlement.lease().losses() >= 2);
    }

    private Session owner(Lease lease) {
      return sessions.stream()
          .filter(session -> ((PartitionedSession) session).owns(lease))
          .findFirst()
          .orElseThrow();
    }

    // Nobody is heard for a lease timeout, and for another: then all are reaped, producers are not
    // yet.
    private void leaseTimeout() {
      if (random.nextInt(4) == 0 && !sessions.isEmpty() && producers.isEmpty()) {
        bench.advance(Bench.LEASE_TIMEOUT.multipliedBy(3));
        queue.state();
        bench.advance(Bench.LEASE_TIMEOUT.plusMillis(1));
        queue.state();
        late.addAll(held);
      }
    }

    private void look() {
      QueueStatus.Counts counts = queue.admin().status().counts();
      assertThat(counts.total()).isEqualTo(added.size());
      assertThat(counts.done()).isEqualTo(ended.values().stream().filter("done"::equals).count());
      assertThat(counts.dead()).isEqualTo(ended.values().stream().filter("dead"::equals).count());
      if (queue.isDrained()) {
        assertThat(producers).isEmpty();
        assertThat(ended.keySet()).isEqualTo(added);
      }
    }

    private void wrapUp() {
      producers.forEach(producer -> producer.finish(() -> {}));
      producers.clear();
      while (!held.isEmpty()) {
        end();
      }
      Session last = Bench.session(queue);
      for (int look = 0; look < 2; look++) {
        bench.advance(Duration.ofHours(1));
        LeaseBatch batch = last.lease(50);
        while (!batch.leases().isEmpty()) {
          batch.leases().forEach(lease -> ended.put(lease.text(), "done"));
          batch =
              last.step(
                  batch.leases().stream().map(l -> Settlement.complete(l, l.payload())).toList(),
                  50);
          assertThat(batch.refused()).isEmpty();
        }
      }
      look();
      if (!added.isEmpty()) {
        assertThat(queue.isDrained()).isTrue();
      }
      List<String> done =
          ended.entrySet().stream()
              .filter(entry -> entry.getValue().equals("done"))
              .map(Map.Entry::getKey)
              .toList();
      assertThat(queue.results().map(result -> new String(result.payload(), UTF_8)))
          .allMatch(done::contains);
    }
  }
}
