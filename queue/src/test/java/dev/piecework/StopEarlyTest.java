package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run in which everything fails is paused, by what all workers have seen of it. */
@Tag("slow")
class StopEarlyTest {

  private static final QueueSettings AUTO = Bench.SETTINGS.withStopEarly(StopEarly.auto());

  private final Bench bench = Bench.shared();

  @AfterEach
  void close() {
    bench.close();
  }

  private static Optional<String> fail(WorkQueue queue, Session session, int many, String why) {
    session.step(
        session.lease(many).leases().stream()
            .<Settlement>map(lease -> new Settlement.Retry(lease, why, Optional.empty()))
            .toList(),
        0);
    return queue.admin().stopEarly(session.settings().stopEarly());
  }

  @Test
  void valuesAreReadAsTheyAreWritten() {
    for (String text : List.of("auto", "off", "0", "100", "5%", "0.5%", "100%")) {
      assertThat(StopEarly.parse(text).text()).isEqualTo(text);
    }
    for (String wrong : List.of("", "-1", "101%", "5 %", "half", "1e3", "%")) {
      assertThatThrownBy(() -> StopEarly.parse(wrong)).hasMessageContaining("'" + wrong + "'");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void whatAllWorkersSawTogetherPausesItForAllAndOnce(int partitions) {
    WorkQueue queue = bench.with(AUTO.withPartitions(partitions));
    queue.fill(Bench.numbers(200));
    Session one = Bench.session(queue);
    Session other = Bench.session(queue);
    assertThat(fail(queue, one, 15, "no such file /a/1")).isEmpty();
    assertThat(fail(queue, other, 14, "no such file /b")).isEmpty();
    String why = fail(queue, one, 1, "no such file /c").orElseThrow();
    assertThat(why)
        .startsWith(QueueState.Paused.STOPPED_EARLY)
        .contains("all 30 attempts", "no such file P", "piecework items " + queue.name());
    assertThat(queue.admin().status().pausedFor()).isEqualTo(why);
    assertThat(one.lease(5).state()).isEqualTo(new QueueState.Paused(why));
    assertThat(other.lease(5).leases()).isEmpty();
    assertThat(queue.admin().stopEarly(StopEarly.auto())).as("said to all").contains(why);
    assertThat(queue.admin().status().counts().unfinished()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aFailureThatIsToldIsAnsweredWhetherAnythingIsDone(int partitions) {
    WorkQueue queue = bench.with(AUTO.withPartitions(partitions));
    queue.fill(Bench.numbers(200));
    Session one = Bench.session(queue);
    Session other = Bench.session(queue);
    assertThat(fail(queue, one, 5, "wrong")).isEmpty();
    assertThat(one.isSomethingDone()).isFalse();
    // In each partition, so that it does not matter where the next one fails.
    for (int done = 0; done < 150; ) {
      List<Lease> leases = other.lease(10).leases();
      other.step(Bench.complete(leases), 0);
      done += leases.size();
    }
    assertThat(fail(queue, one, 5, "wrong")).isEmpty();
    assertThat(one.isSomethingDone()).isTrue();
    assertThat(other.isSomethingDone()).as("told no failure").isFalse();
    queue.admin().pause("mended");
    queue.admin().resume();
    assertThat(fail(queue, one, 5, "wrong")).isEmpty();
    assertThat(one.isSomethingDone()).as("none since it was resumed").isFalse();
  }

  @Test
  void onceResumedOnlyWhatComesThenCounts() {
    WorkQueue queue = bench.with(AUTO);
    queue.fill(Bench.numbers(200));
    Session session = Bench.session(queue);
    assertThat(fail(queue, session, 40, "wrong")).isPresent();
    queue.admin().resume();
    assertThat(queue.admin().stopEarly(StopEarly.auto())).isEmpty();
    assertThat(fail(queue, session, 29, "wrong")).isEmpty();
    assertThat(fail(queue, session, 1, "wrong")).isPresent();
    queue.admin().resume();
    Lease good = session.lease(1).leases().getFirst();
    session.step(List.of(Settlement.complete(good, new byte[0])), 0);
    assertThat(fail(queue, session, 100, "wrong")).as("one was done").isEmpty();
  }

  @Test
  void whatAPersonPausedStaysPausedForTheirReason() {
    WorkQueue queue = bench.with(AUTO);
    queue.fill(Bench.numbers(100));
    Session session = Bench.session(queue);
    List<Lease> held = session.lease(50).leases();
    queue.admin().pause("lunch");
    session.step(held.stream().<Settlement>map(l -> new Settlement.Bury(l, "wrong")).toList(), 0);
    assertThat(queue.admin().stopEarly(StopEarly.auto())).isEmpty();
    assertThat(queue.admin().status().pausedFor()).isEqualTo("lunch");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void deadItemsAreCountedFromTheLastResume(int partitions) {
    WorkQueue queue = bench.with(Bench.SETTINGS.withAttempts(1).withPartitions(partitions));
    queue.fill(Bench.numbers(100));
    queue.admin().set("stop-early", "9");
    Session session = Bench.session(queue);
    assertThat(session.settings().stopEarly()).isEqualTo(new StopEarly.DeadItems(9));
    assertThat(fail(queue, session, 9, "wrong")).isEmpty();
    assertThat(fail(queue, session, 1, "wrong").orElseThrow()).contains("10 items are dead");
    queue.admin().resume();
    assertThat(fail(queue, session, 9, "wrong")).isEmpty();
    assertThat(queue.admin().requeue(new DeadItems.All())).isEqualTo(19);
    assertThat(queue.admin().stopEarly(new StopEarly.DeadItems(9))).isEmpty();
    assertThat(fail(queue, session, 9, "wrong")).isEmpty();
    assertThat(fail(queue, session, 1, "wrong")).isPresent();
  }

  @Test
  void aNewRunBeginsAnew() {
    WorkQueue queue = bench.with(AUTO.withAttempts(1));
    queue.fill(Bench.numbers(29));
    Session session = Bench.session(queue);
    assertThat(fail(queue, session, 29, "wrong")).isEmpty();
    assertThat(queue.isDrained()).isTrue();
    queue.fill(Bench.numbers(100));
    Session next = Bench.session(queue);
    assertThat(fail(queue, next, 29, "wrong")).isEmpty();
    assertThat(fail(queue, next, 1, "wrong")).isPresent();
  }

  /** Workers do and fail, are killed, notice nothing; the queue stops when a model says so. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void itStopsExactlyWhenAllThatWasSeenSaysSo(long seed) {
    Random random = new Random(seed);
    double working = List.of(0.0, 0.0, 0.002, 0.05).get(random.nextInt(4));
    WorkQueue queue = bench.with(AUTO.withBackoff(Duration.ZERO, Duration.ofMillis(5)));
    queue.fill(Bench.numbers(150));
    List<Session> sessions =
        new ArrayList<>(List.of(Bench.session(queue), Bench.session(queue), Bench.session(queue)));
    Map<String, Integer> causes = new HashMap<>();
    Set<String> items = new HashSet<>();
    int attempts = 0;
    int done = 0;
    for (int step = 0; step < 40 && !queue.isDrained(); step++) {
      int at = random.nextInt(sessions.size());
      Session session = sessions.get(at);
      List<Lease> leases = session.lease(1 + random.nextInt(5)).leases();
      if (random.nextInt(8) == 0) {
        // Killed with all that it holds: its attempts say nothing of the command.
        bench.advance(Bench.LEASE_TIMEOUT.multipliedBy(3));
        sessions.set(at, Bench.session(queue));
        continue;
      }
      List<Settlement> ends = new ArrayList<>();
      for (Lease lease : leases) {
        if (random.nextDouble() < working) {
          ends.add(Settlement.complete(lease, new byte[0]));
        } else {
          String why = random.nextInt(30) == 0 ? "other" : "wrong";
          ends.add(new Settlement.Retry(lease, why, Optional.empty()));
        }
      }
      Set<Settlement> refused = Set.copyOf(session.step(ends, 0).refused());
      for (Settlement end : ends) {
        if (refused.contains(end)) {
          continue;
        }
        if (end instanceof Settlement.Retry retry) {
          attempts++;
          causes.merge(retry.reason(), 1, Integer::sum);
          items.add(retry.lease().id());
        } else {
          done++;
        }
      }
      boolean over =
          done == 0
              && attempts >= 30
              && items.size() >= 20
              && causes.values().stream().anyMatch(count -> count >= 0.95 * attemptsOf(causes));
      boolean left = queue.admin().status().counts().unfinished() > 0;
      assertThat(queue.admin().stopEarly(StopEarly.auto()).isPresent())
          .as("seed %d step %d: %d attempts, %d done", seed, step, attempts, done)
          .isEqualTo(over && left);
      if (over && left) {
        assertThat(queue.admin().status().counts().total()).isEqualTo(150);
        queue.admin().resume();
        causes.clear();
        items.clear();
        attempts = 0;
        done = 0;
      }
    }
  }

  private static int attemptsOf(Map<String, Integer> causes) {
    return causes.values().stream().mapToInt(Integer::intValue).sum();
  }
}
