package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testkit.OutageProxy;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import dev.piecework.testrun.Effort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A property: replies are lost at random, and resets come at random, to several sessions that end
 * leases in every way. Nothing is committed twice, nothing is forgotten, nothing is refused.
 */
@Tag("slow")
class LostRepliesTest {

  static Stream<Long> seeds() {
    String one = System.getProperty("seed");
    return one != null
        ? Stream.of(Long.parseLong(one))
        : new Random().longs(Effort.of(4)).map(Math::abs).boxed();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  @RedisPerTest
  void nothingIsCommittedTwiceOrForgotten(long seed, TestRedis redis) {
    System.out.println("LostRepliesTest: -Dseed=" + seed);
    Random random = new Random(seed);
    try (OutageProxy network = OutageProxy.to(redis);
        Bench bench = new Bench(network.uri())) {
      WorkQueue queue =
          bench.open(c ->
              c.withSettings(Bench.SETTINGS.withKeep(Keep.RESULTS).withAttempts(2))
                  .withRedisTimeout(Duration.ofMillis(random.nextBoolean() ? 5_000 : 0)));
      queue.fill(Bench.numbers(300));
      List<Session> sessions =
          List.of(Bench.session(queue), Bench.session(queue), Bench.session(queue));
      List<List<Lease>> holds = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      Set<String> committed = new HashSet<>();
      boolean drained = false;
      while (!drained) {
        if (random.nextInt(3) == 0) {
          network.cutInReply(1 + random.nextInt(4));
        } else if (random.nextInt(10) == 0) {
          network.resetConnections();
        }
        int who = random.nextInt(3);
        List<Settlement> settlements = new ArrayList<>();
        List<Lease> held = holds.get(who);
        for (Lease lease : List.copyOf(held)) {
          if (random.nextInt(3) > 0) {
            settlements.add(settlement(random, lease));
            held.remove(lease);
          }
        }
        LeaseBatch batch = stepUntilThrough(sessions.get(who), settlements, random.nextInt(7));
        assertThat(batch.refused()).isEmpty();
        for (Settlement settlement : settlements) {
          if (settlement instanceof Settlement.Complete) {
            assertThat(committed.add(settlement.lease().id())).as("once").isTrue();
          }
        }
        held.addAll(batch.leases());
        assertThat(held).as("what is held is known").hasSize(sessions.get(who).holds());
        bench.advance(Duration.ofSeconds(20));
        drained = batch.state() instanceof QueueState.Drained;
      }
      network.pass();
      WorkQueue after = bench.open();
      assertThat(after.results().map(Result::id))
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(committed);
      assertThat(after.admin().status().counts().dead() + committed.size()).isEqualTo(300);
    }
  }

  // Who gets an exception may give the same settlements again.
  private static LeaseBatch stepUntilThrough(
      Session session, List<Settlement> settlements, int want) {
    while (true) {
      try {
        return session.step(settlements, want);
      } catch (RedisUnreachableException away) {
        assertThat(settlements).allMatch(settlement -> !settlement.lease().toString().isEmpty());
      }
    }
  }

  private static Settlement settlement(Random random, Lease lease) {
    return switch (random.nextInt(6)) {
      case 0 -> new Settlement.Retry(lease, "no", Optional.of(Duration.ofMinutes(2)));
      case 1 -> new Settlement.Release(lease);
      case 2 ->
          random.nextInt(5) == 0 ? new Settlement.Bury(lease, "no") : Settlement.complete(lease);
      default -> Settlement.complete(lease, lease.payload());
    };
  }
}
