package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.internal.redis.Script;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which dead items a person means, and which not. */
class DeadItemsTest {

  private static final int MANY = 1_234;

  private final Bench bench = Bench.shared();
  private final WorkQueue queue = bench.open();

  @AfterEach
  void close() {
    bench.close();
  }

  /** What is stored with an error is not the error: who worked on it, when, which attempt, how. */
  @ParameterizedTest
  @ValueSource(strings = {"tester", "2026", "17", "buried", "\t", "lost", "n1", ""})
  void anErrorsTextIsLookedForInNothingElse(String text) {
    queue.fill(Bench.numbers(3));
    Session session =
        queue.session(SessionInfo.local("tester of\tdisks", 1), SessionOptions.DEFAULTS);
    session.step(
        session.lease(3).leases().stream()
            .<Settlement>map(lease -> new Settlement.Bury(lease, "disk full"))
            .toList(),
        0);
    if (text.isEmpty()) {
      assertThatThrownBy(() -> new DeadItems.WithError(text)).hasMessageContaining("empty");
      return;
    }
    assertThat(queue.admin().drop(new DeadItems.WithError(text))).isZero();
    assertThat(queue.admin().requeue(new DeadItems.WithError(text))).isZero();
    assertThat(queue.admin().item("1").orElseThrow().error()).isEqualTo("disk full");
    assertThat(queue.admin().item("1").orElseThrow().worker()).isEqualTo("tester of?disks");
    assertThat(queue.admin().drop(new DeadItems.WithError("disk"))).isEqualTo(3);
  }

  @Test
  void theLastErrorCountsAndAllOfItsText() {
    queue.fill(Bench.items("a", "b"));
    for (Lease lease : queue.lease(2, Duration.ZERO)) {
      lease.retry("first: disk full", Duration.ZERO);
    }
    for (Lease lease : queue.lease(2, Duration.ZERO)) {
      lease.bury(lease.text().equals("a") ? "line one\nline\ttwo of a" : "gone");
    }
    assertThat(queue.admin().requeue(new DeadItems.WithError("disk full"))).isZero();
    assertThat(queue.admin().requeue(new DeadItems.WithError("\ttwo of a"))).isEqualTo(1);
  }

  /**
   * Guards against a loop that never ends: a command that fails at once buries again what is
   * requeued, as fast as it is.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void whatDiesAgainMeanwhileIsNotRequeuedAgain(int partitions) {
    WorkQueue filled = bench.with(Bench.SETTINGS.withPartitions(partitions));
    filled.fill(Bench.numbers(MANY));
    Session fast = Bench.session(filled);
    buryAll(fast);
    assertThat(filled.admin().status().counts().dead()).isEqualTo(MANY);
    AtomicInteger calls = new AtomicInteger();
    WorkQueue person =
        opened(
            Script.REQUEUE,
            () -> {
              if (calls.incrementAndGet() < 50) {
                buryAll(fast);
              }
            });
    assertThat(person.admin().requeue(new DeadItems.All())).isEqualTo(MANY);
    buryAll(fast);
    assertThat(filled.admin().status().counts().total()).isEqualTo(MANY);
    assertThat(filled.admin().status().counts().done()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Script.class,
      names = {"REQUEUE", "DROP"})
  void whatIsNotDeadAtTheStartIsNotMeant(Script script) {
    queue.fill(Bench.numbers(MANY));
    Session session = Bench.session(queue);
    session.step(bury(session.lease(1_000).leases()), 0);
    AtomicInteger calls = new AtomicInteger();
    WorkQueue person =
        opened(
            script,
            () -> {
              if (calls.incrementAndGet() == 1) {
                session.step(bury(session.lease(1_000).leases()), 0);
              }
            });
    DeadItems all = new DeadItems.All();
    assertThat(script == Script.DROP ? person.admin().drop(all) : person.admin().requeue(all))
        .isEqualTo(1_000);
    assertThat(queue.admin().status().counts().dead()).isGreaterThanOrEqualTo(234);
  }

  /** A client, and what happens each time when it has called this script. */
  private WorkQueue opened(Script script, Runnable then) {
    String verb = script.name().toLowerCase(java.util.Locale.ROOT);
    return WorkQueue.open(
        bench.config(),
        call ->
            new CallListener.Answered() {
              @Override
              public void answered(List<?> reply) {
                if (call.script().equals(verb)) {
                  then.run();
                }
              }

              @Override
              public void failed(boolean unknown, String why) {}
            });
  }

  private static void buryAll(Session session) {
    LeaseBatch batch = session.lease(1_000);
    while (!batch.leases().isEmpty()) {
      batch = session.step(bury(batch.leases()), 1_000);
    }
  }

  private static List<Settlement> bury(List<Lease> leases) {
    return leases.stream().<Settlement>map(lease -> new Settlement.Bury(lease, "no")).toList();
  }
}
