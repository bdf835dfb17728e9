package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Invariant 5: only the item that kills its workers runs out of losses, never its neighbours. */
class LostTwiceTest {

  private static final String KILLER = "n500";

  @ParameterizedTest(name = "{0} losses, {1} items at once")
  @CsvSource({"5, 1000", "1, 1000", "2, 1000", "5, 10", "1, 1"})
  void ofABatchWithOneItemThatKillsItsHolderAllButThatOneAreDone(int losses, int atOnce)
      throws Exception {
    try (Bench bench = Bench.shared()) {
      WorkQueue queue = bench.with(Bench.SETTINGS.withLosses(losses));
      queue.fill(Bench.numbers(1_000));
      Session observer = Bench.session(bench.open());
      int deaths = 0;
      while (!queue.isDrained()) {
        Session worker = Bench.session(bench.open());
        List<Lease> holds = new ArrayList<>();
        boolean dies = false;
        while (!dies) {
          // Holds up to so many, as a worker with prefetch does.
          LeaseBatch batch = worker.lease(atOnce - holds.size());
          holds.addAll(batch.leases());
          if (holds.isEmpty()) {
            break;
          }
          if (batch.leases().isEmpty() || holds.size() >= atOnce) {
            dies = holds.stream().anyMatch(lease -> lease.text().equals(KILLER));
            if (!dies) {
              worker.step(Bench.complete(holds), 0);
              holds.clear();
            }
          }
        }
        if (dies) {
          deaths++;
          bench.expireExcept(observer);
          bench.reap();
        } else {
          worker.close();
        }
      }
      assertThat(queue.admin().status().counts())
          .isEqualTo(new QueueStatus.Counts(0, 0, 0, 999, 1, 0));
      ItemView dead = queue.admin().items(ItemState.DEAD).findFirst().orElseThrow();
      assertThat(new String(dead.payload(), java.nio.charset.StandardCharsets.UTF_8))
          .isEqualTo(KILLER);
      assertThat(dead.error()).contains("lost");
      assertThat(dead.attempts().losses()).isEqualTo(deaths);
      assertThat(deaths).isLessThanOrEqualTo(Math.max(losses, 3));
    }
  }

  @Test
  void whileItemsAreHeldOneThatWasLostTwiceWaitsAndThatIsSaid() throws Exception {
    try (Bench bench = Bench.shared()) {
      WorkQueue queue = bench.open();
      queue.fill(Bench.items("killer"));
      Session observer = Bench.session(bench.open());
      for (int i = 0; i < 2; i++) {
        Bench.session(bench.open()).lease(1);
        bench.expireExcept(observer);
        bench.reap();
      }
      bench.rpush("other");
      LeaseBatch other = observer.lease(1);
      assertThat(Bench.texts(other)).containsExactly("killer"); // it came first
      assertThat(other.leases().getFirst().losses()).isEqualTo(2);
      assertThat(observer.lease(1).leases()).as("nothing beside it").isEmpty();
      Session second = Bench.session(bench.open());
      LeaseBatch held = second.lease(1);
      observer.step(List.of(new Settlement.Release(other.leases().getFirst())), 0);
      LeaseBatch none = second.lease(1);
      assertThat(none.leases()).isEmpty();
      assertThat(none.alone()).isTrue();
      assertThat(Bench.texts(second.step(Bench.complete(held.leases()), 1)))
          .containsExactly("killer");
    }
  }
}
