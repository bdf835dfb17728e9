package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.internal.host.LocalHost;
import dev.piecework.testkit.CrashableProcess;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import redis.clients.jedis.Jedis;

/** Real processes that are killed and frozen, with real heartbeats and Redis's own time. */
@RedisPerTest
@Tag("slow")
@Tag("process")
class CrashTest {

  private static final QueueSettings QUICK =
      QueueSettings.DEFAULTS.withLeaseTimeout(Duration.ofMillis(600));

  /** Leases so many, says so, and holds them until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws InterruptedException {
      try (WorkQueue queue = WorkQueue.open(args[0], "job2");
          Session session = queue.session(SessionInfo.local(1))) {
        List<Lease> leases = session.lease(Integer.parseInt(args[1])).leases();
        System.out.println("leased " + leases.size());
        Thread.currentThread().join();
      }
    }
  }

  @Test
  void whatAKilledProcessHeldIsTakenOverAfterTheLeaseTimeout(TestRedis redis) throws Exception {
    try (WorkQueue queue =
        WorkQueue.open(QueueConfig.of(redis.uri(), "job2").withSettings(QUICK))) {
      queue.fill(Bench.items("a", "b"));
      try (CrashableProcess holder =
          CrashableProcess.java(Holder.class, redis.uri(), "2").start()) {
        holder.awaitLine("leased 2");
        Session session = Bench.session(queue);
        assertThat(session.lease(1).leases()).isEmpty();
        long killed = System.nanoTime();
        holder.kill();
        Lease lease = awaitOne(session);
        long millis = (System.nanoTime() - killed) / 1_000_000;
        System.out.println(
            "CrashTest: taken over " + millis + " ms after the kill, lease timeout 600 ms");
        assertThat(lease.losses()).isEqualTo(1);
        session.step(List.of(Settlement.complete(lease)), 0);
        Lease other = awaitOne(session);
        session.step(List.of(Settlement.complete(other)), 0);
        assertThat(queue.isDrained()).isTrue();
      }
    }
  }

  @Test
  void aProcessOfThisHostThatIsGoneIsReapedAtOnce(TestRedis redis) {
    try (WorkQueue queue = WorkQueue.open(redis.uri(), "job2")) {
      queue.fill(Bench.items("a", "b"));
      try (CrashableProcess holder =
          CrashableProcess.java(Holder.class, redis.uri(), "1").start()) {
        holder.awaitLine("leased 1");
        assertThat(queue.admin().reapGoneProcesses()).isZero();
        holder.kill();
        holder.awaitExit();
        assertThat(queue.admin().reapGoneProcesses()).isEqualTo(1);
        assertThat(queue.admin().status().counts().waiting()).isEqualTo(2);
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDeadProcessThatItsParentHasNotWaitedForIsReapedAtOnce(TestRedis redis) {
    // The shell becomes a program that waits for no child: what is killed stays a zombie.
    try (WorkQueue queue = WorkQueue.open(redis.uri(), "job2");
        CrashableProcess parent =
            CrashableProcess.command("sh", "-c", "sleep 600 & echo pid $!; exec sleep 600")
                .start()) {
      long pid = Long.parseLong(parent.awaitLine("pid ").substring("pid ".length()));
      // Until then it is the shell, which waits for its children.
      Path program = Path.of("/proc/" + parent.pid() + "/comm");
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> Files.readString(program).equals("sleep\n"));
      ProcessHandle worker = ProcessHandle.of(pid).orElseThrow();
      queue.fill(Bench.items("a", "b"));
      Session session =
          queue.session(
              new SessionInfo("worker", 1, LocalHost.identity(), pid, LocalHost.started(worker)));
      assertThat(session.lease(1).leases()).hasSize(1);
      assertThat(queue.admin().reapGoneProcesses()).isZero();
      worker.destroyForcibly();
      Awaitility.await()
          .until(() -> Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z "));
      assertThat(queue.admin().reapGoneProcesses()).isEqualTo(1);
      assertThat(queue.admin().status().counts().waiting()).isEqualTo(2);
    }
  }

  @Test
  void whenAllAreFrozenForTenLeaseTimeoutsNothingCountsAsLost(TestRedis redis) throws Exception {
    try (WorkQueue queue =
        WorkQueue.open(QueueConfig.of(redis.uri(), "job2").withSettings(QUICK))) {
      queue.fill(Bench.items("a", "b"));
      try (CrashableProcess holder =
          CrashableProcess.java(Holder.class, redis.uri(), "2").start()) {
        holder.awaitLine("leased 2");
        holder.freeze();
        long until = System.nanoTime() + QUICK.leaseTimeout().multipliedBy(10).toNanos();
        Awaitility.await().until(() -> System.nanoTime() > until);
        Jedis person = redis.jedis();
        String sessions = "{job2}:sessions";
        String session = person.zrange(sessions, 0, -1).getFirst();
        double deadline = person.zscore(sessions, session);
        assertThat(queue.admin().status().counts().leased())
            .as("nobody could be heard: a grace begins")
            .isEqualTo(2);
        // What it is told with its next heartbeat: else a later one may be late on a busy machine,
        // and it is lost rightly. Nobody looks before it was heard, for the grace may be over.
        queue.admin().set("lease-timeout", "1m");
        holder.thaw();
        Awaitility.await()
            .until(() -> {
              Double now = person.zscore(sessions, session);
              return now == null || now > deadline + 30_000;
            });
        for (int i = 0; i < 30; i++) {
          queue.admin().status(); // looks for expired ones
        }
        assertThat(queue.admin().status().counts().leased()).isEqualTo(2);
        assertThat(queue.admin().items(ItemState.LEASED).map(i -> i.attempts().losses()))
            .containsOnly(0);
      }
    }
  }

  private static Lease awaitOne(Session session) throws InterruptedException {
    while (true) {
      List<Lease> leases = session.lease(1).leases();
      if (!leases.isEmpty()) {
        return leases.getFirst();
      }
      session.awaitChange(Duration.ofSeconds(1));
    }
  }
}
