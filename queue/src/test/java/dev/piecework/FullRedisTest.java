package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.embedded.PrivateRedis;
import dev.piecework.embedded.RedisBinary;
import dev.piecework.testkit.OldestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** A full Redis that evicts nothing: only fills and new results are refused. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
@Tag("slow")
class FullRedisTest {

  @Parameter boolean oldest;
  private PrivateRedis server;
  private Jedis admin;
  private Bench bench;
  private WorkQueue queue;

  @BeforeEach
  void start() {
    server =
        PrivateRedis.builder().binary(oldest ? OldestRedis.binary() : RedisBinary.find()).start();
    admin = Bench.admin(server.port());
    bench = new Bench(server.uri());
    queue =
        bench.open(c ->
            c.withSettings(Bench.SETTINGS.withKeep(Keep.RESULTS).withResultsMax(1 << 20))
                .withRedisTimeout(Duration.ZERO)); // a refusal is not waited out, a slow call is
  }

  @AfterEach
  void stop() throws Exception {
    bench.close();
    admin.close();
    server.close();
  }

  private void fillUp() {
    admin.configSet("maxmemory", "1");
  }

  private void makeRoom() {
    admin.configSet("maxmemory", "0");
  }

  @Test
  void fillsAreRefusedAsAWholeAndSaidSo() {
    queue.fill(Bench.items("a"));
    fillUp();
    assertThatThrownBy(() -> queue.fill(Bench.items("b", "c")))
        .isInstanceOf(RedisRefusesException.class)
        .hasMessageContaining("OOM")
        .message()
        .doesNotContain("\n");
    makeRoom();
    assertThat(queue.admin().status().counts().total()).isEqualTo(1);
  }

  @Test
  void aFillWhoseLastRecordWentInEndsThoughRedisIsFullSince() {
    Producer producer = queue.produce(FillOptions.as("scan"));
    producer.add(Item.of("a"));
    producer.flush();
    fillUp();
    assertThat(producer.finish().added()).isEqualTo(1);
    assertThat(queue.admin().status().producers()).isEmpty();
  }

  @Test
  void workGoesOnAndTheBagEnds() {
    List<Item> items = new ArrayList<>(Bench.numbers(20).toList());
    items.add(Item.of("h").withPriority(Priority.HIGH));
    items.add(Item.of("l").withPriority(Priority.LOW));
    items.add(Item.of("d").withDelay(Duration.ofMinutes(30)));
    queue.fill(items.stream());
    queue.fill(Bench.items("n21"));
    Session dead = Bench.session(bench.open());
    dead.lease(4);
    fillUp();
    Session session = Bench.session(queue); // joins
    Bench.reapNobody(dead, session);
    bench.expireExcept(session); // beats
    assertThat(bench.reap()).isEqualTo(1); // reclaims
    int bad = 0;
    while (!queue.isDrained()) {
      LeaseBatch batch = session.lease(3);
      List<Settlement> settlements = new ArrayList<>();
      for (Lease lease : batch.leases()) {
        settlements.add(
            switch (bad++ % 5) {
              case 0 -> new Settlement.Retry(lease, "no", java.util.Optional.empty());
              case 1 -> new Settlement.Bury(lease, "never");
              case 2 -> new Settlement.Release(lease);
              case 3 -> new Settlement.NotYet(lease, "soon");
              default -> Settlement.complete(lease);
            });
      }
      assertThat(session.step(settlements, 0).refused()).isEmpty();
      bench.advance(Duration.ofMinutes(9));
      bench.beat(session);
    }
    session.leaving();
    session.close();
    QueueStatus.Counts counts = queue.admin().status().counts();
    assertThat(counts.done() + counts.dead()).isEqualTo(24);
    queue.admin().pause("p");
    queue.admin().resume();
    queue.admin().set("attempts", "4");
    assertThat(queue.admin().requeue(new DeadItems.All())).isEqualTo(counts.dead());
    assertThat(queue.admin().purge()).isEqualTo(24);
  }

  @Test
  void aResultIsStoredInTheRoomThatItsLeaseGivesBackOrElseRefused() {
    queue.fill(Stream.of(Item.of(new byte[10_000]), Item.of("small"), Item.of("third")));
    List<Lease> leases = queue.lease(3, Duration.ZERO);
    fillUp();
    leases.get(0).complete(new byte[50]);
    assertThat(queue.results()).hasSize(1);
    Lease small = leases.get(1);
    assertThatThrownBy(() -> small.complete(new byte[100_000]))
        .isInstanceOf(RedisRefusesException.class);
    assertThat(queue.admin().status().counts().leased()).as("nothing was changed").isEqualTo(2);
    makeRoom();
    small.complete(new byte[100_000]);
    leases.get(2).complete();
    assertThat(queue.results()).hasSize(3);
  }

  @Test
  void anItemWithoutAResultIsCountedThoughItsEntryFindsNoRoom() {
    queue.fill(Bench.numbers(3));
    List<Lease> leases = queue.lease(3, Duration.ZERO);
    leases.get(0).complete(new byte[1 << 20]); // the bound is reached
    leases.get(1).complete();
    fillUp();
    leases.get(2).complete();
    assertThat(queue.isDrained()).isTrue();
    assertThat(queue.admin().status().counts().done()).isEqualTo(3);
    assertThat(queue.results().map(Result::id)).containsExactly("1");
    assertThat(bench.notices).anyMatch(notice -> notice.contains("no longer listed"));
  }

  @Test
  void whenTheStoredResultsReachTheirBoundNothingIsLeasedUntilTheyAreTaken() {
    queue.fill(Bench.numbers(5));
    Session session = Bench.session(queue);
    List<Lease> leases = session.lease(2).leases();
    session.step(List.of(Settlement.complete(leases.get(0), new byte[1 << 20])), 0);
    assertThat(session.lease(1).state()).isInstanceOf(QueueState.ResultsFull.class);
    assertThat(session.step(List.of(Settlement.complete(leases.get(1))), 1).leases()).isEmpty();
    assertThat(queue.state()).isInstanceOf(QueueState.ResultsFull.class);
    queue.admin().resultLogs().getFirst().dropUpTo(2);
    assertThat(session.lease(1).leases()).hasSize(1);
  }

  @Test
  void aQuarterOfTheServersMemoryIsTheBoundUnlessOneIsGiven() {
    admin.configSet("maxmemory", "64mb");
    queue = bench.open(c -> c.withSettings(QueueSettings.DEFAULTS));
    queue.fill(Bench.items("a"));
    assertThat(queue.settings().resultsMax()).isEqualTo(16 << 20);
    queue.admin().set("attempts", "9");
    assertThat(queue.settings().resultsMax()).isEqualTo(16 << 20);
  }
}
