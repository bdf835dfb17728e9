package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Protocol.Command;

/** What one session works for is its own affair, also when others share its queue object. */
class SessionOptionsTest {

  private static final SessionInfo ME = SessionInfo.local("tester", 1);

  private final Bench bench = Bench.shared();

  @AfterEach
  void close() {
    bench.close();
  }

  private WorkQueue queue(int partitions) {
    return bench.with(Bench.SETTINGS.withPartitions(partitions));
  }

  /** A Redis that came back empty, and was filled again by somebody who knew nothing of it. */
  private void loseAll(int partitions) {
    for (WorkQueue part : queue(partitions).admin().partitions()) {
      String name = part.name();
      for (Object key : new Object[] {name, "{" + name + "}:state", "{" + name + "}:sessions"}) {
        bench.cli(Command.DEL, String.valueOf(key));
      }
    }
    queue(partitions).fill(Bench.items("c"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void oneThatFollowsRunsDoesNotKeepTheOthersFromNoticingALoss(int partitions) {
    WorkQueue shared = queue(partitions);
    shared.fill(Bench.items("a", "b"));
    Session careful = shared.session(ME);
    assertThat(careful.lease(1).leases()).hasSize(1);
    Session forever = shared.session(ME, SessionOptions.DEFAULTS.followingRuns());
    assertThat(forever.lease(1).leases()).hasSize(1);
    loseAll(partitions);
    forever.lease(1);
    assertThat(careful.lease(1).state()).isInstanceOf(QueueState.Lost.class);
    assertThat(shared.state()).isInstanceOf(QueueState.Lost.class);
    assertThat(forever.lease(1).state()).isNotInstanceOf(QueueState.Lost.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void theRunAndTheTotalThatOneExpectsAreNotExpectedByOthers(int partitions) {
    WorkQueue shared = queue(partitions);
    shared.fill(Bench.items("a"));
    Session strict = shared.session(ME, SessionOptions.DEFAULTS.withExpect(2));
    Session stranger = shared.session(ME, SessionOptions.DEFAULTS.withRun("0123456789abcdef"));
    Session plain = shared.session(ME);
    assertThat(stranger.lease(1).state()).isInstanceOf(QueueState.Lost.class);
    assertThat(Bench.drain(plain)).containsExactly("a");
    assertThat(plain.lease(1).state()).isInstanceOf(QueueState.Drained.class);
    assertThat(strict.lease(1).state())
        .isInstanceOfSatisfying(
            QueueState.Lost.class, lost -> assertThat(lost.why()).contains("2 were expected"));
    assertThat(shared.isDrained()).isTrue();
  }

  /** Who fills on the object that others work on begins a run of his own. */
  @Test
  void aSessionKeepsToItsRunWhenItsObjectFillsTheNext() {
    WorkQueue shared = queue(1);
    shared.fill(Bench.items("a"));
    Session first = shared.session(ME);
    assertThat(Bench.drain(first)).containsExactly("a");
    String run = shared.run().orElseThrow();
    assertThat(first.lease(1).state()).isEqualTo(new QueueState.Drained(run, 1, 0));
    shared.fill(Bench.items("b"));
    assertThat(first.lease(1).state()).isEqualTo(new QueueState.Drained(run, 1, 0));
    assertThat(shared.lease(Duration.ZERO).orElseThrow().text()).isEqualTo("b");
  }

  private static List<String> heartbeats() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.equals("piecework-heartbeat-closed-too-soon"))
        .toList();
  }

  /** Guards against: they knocked at a Redis that was gone, ten times a second, for ever. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void whoClosesTheObjectEndsTheHeartbeatsOfItsSessions(int partitions) throws Exception {
    WorkQueue shared =
        bench.with(
            QueueSettings.DEFAULTS
                .withPartitions(partitions)
                .withLeaseTimeout(Duration.ofMillis(300)));
    Session open = shared.session(SessionInfo.local("closed-too-soon", 1));
    assertThat(heartbeats()).isNotEmpty();
    shared.close();
    await().untilAsserted(() -> assertThat(heartbeats()).isEmpty());
    assertThatThrownBy(() -> open.lease(1))
        .isInstanceOf(QueueUnusableException.class)
        .hasMessageContaining("is closed");
  }

  @Test
  void valuesThatMeanNothingAreRefused() {
    assertThatThrownBy(() -> SessionOptions.DEFAULTS.withExpect(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> SessionOptions.DEFAULTS.withRun("")).hasMessageContaining("empty");
  }
}
