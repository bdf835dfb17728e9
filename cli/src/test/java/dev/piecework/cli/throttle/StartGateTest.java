package dev.piecework.cli.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Supply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Nothing sleeps here: each pause lets the test change what the rules look at. */
class StartGateTest {

  private final Deque<Attempt> waiting = new ArrayDeque<>();
  private final List<String> released = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private Runnable whenTaken = () -> {};
  private boolean ending;
  private boolean over;
  private int pauses;

  private final Supply supply =
      new Supply() {
        @Override
        public @Nullable Attempt take() {
          whenTaken.run();
          return ending ? null : waiting.poll();
        }

        @Override
        public List<Attempt> more(int max) {
          return List.of();
        }

        @Override
        public void finish(Attempt attempt, Outcome outcome) {
          assertThat(outcome).isInstanceOf(Outcome.Release.class);
          released.add(attempt.id());
        }

        @Override
        public boolean isDropped(Attempt attempt) {
          return false;
        }

        @Override
        public boolean isEnding() {
          return ending;
        }

        @Override
        public void pauseQueue(String reason) {}
      };

  private static Attempt attempt(String id) {
    return new Attempt(id, new byte[0], 1, 1);
  }

  private StartGate gate(StartRule rule, Runnable pause) {
    return new StartGate(
        List.of(rule),
        () -> over,
        said::add,
        () -> {
          pauses++;
          pause.run();
        });
  }

  @Test
  void aStartWaitsUntilTheDelayAfterTheOneBefore() throws Exception {
    Instant[] now = {Instant.EPOCH};
    waiting.addAll(List.of(attempt("a"), attempt("b")));
    StartGate gate =
        gate(
            new DelayRule(Duration.ofMillis(200), () -> now[0]),
            () -> now[0] = now[0].plusMillis(50));
    assertThat(gate.take(supply)).extracting(Attempt::id).isEqualTo("a");
    assertThat(pauses).isZero();
    assertThat(gate.take(supply)).extracting(Attempt::id).isEqualTo("b");
    assertThat(pauses).isEqualTo(4);
    assertThat(said).isEmpty();
  }

  @Test
  void nothingIsTakenWhileTheLoadIsHighAndThatIsSaidOnce() throws Exception {
    double[] load = {3};
    waiting.add(attempt("a"));
    StartGate gate =
        gate(
            new LoadRule(1.6, () -> load[0]),
            () -> {
              assertThat(waiting).hasSize(1);
              load[0] -= 0.5;
            });
    assertThat(gate.take(supply)).isNotNull();
    assertThat(pauses).isEqualTo(3);
    assertThat(said).containsExactly("no command starts for now: the load is 3.0, of --load 1.6");
  }

  @Test
  void whatComesWhenTheMachineHasFilledUpIsGivenBack() throws Exception {
    long[] free = {10 << 20};
    waiting.addAll(List.of(attempt("a"), attempt("b")));
    whenTaken = () -> free[0] = waiting.size() == 2 ? 0 : free[0];
    StartGate gate = gate(new MemoryRule(1 << 20, () -> free[0]), () -> free[0] = 10 << 20);
    assertThat(gate.take(supply)).extracting(Attempt::id).isEqualTo("b");
    assertThat(released).containsExactly("a");
  }

  @Test
  void theEndOfTheWorkerAndOfTheRunAreHeardOfWhileNothingMayStart() throws Exception {
    StartGate gate = gate(new MemoryRule(2, () -> 1), () -> ending = true);
    assertThat(gate.take(supply)).isNull();
    ending = false;
    StartGate other = gate(new MemoryRule(2, () -> 1), () -> over = true);
    assertThat(other.take(supply)).isNull();
    assertThat(pauses).isEqualTo(2);
  }

  @Test
  void ofTwoThatRunTheYoungestIsGivenBackAndTheLastGoesOn() {
    long[] free = {49};
    YoungestFirst running = new YoungestFirst();
    MemoryGuard guard = new MemoryGuard(100, () -> free[0], running, said::add);
    Attempt old = attempt("old");
    Attempt young = attempt("young");
    running.begun(old);
    guard.look();
    assertThat(said).isEmpty();
    running.begun(young);
    free[0] = 50;
    guard.look();
    assertThat(running.isGivenBack(young)).isFalse();
    free[0] = 49;
    guard.look();
    guard.look();
    assertThat(running.isGivenBack(young)).isTrue();
    assertThat(running.isGivenBack(old)).isFalse();
    assertThat(said).hasSize(1);
    running.ended(young);
    guard.look();
    assertThat(running.isGivenBack(old)).isFalse();
  }
}
