package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testkit.OutageProxy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a person is told of a change whose reply was lost, whichever of the replies that was: what
 * was done, and not that there was nothing to do.
 */
class OperatorsInDoubtTest {

  private final Bench bench = Bench.shared();
  private OutageProxy network;
  private WorkQueue direct;
  private WorkQueue queue;
  private Session session;
  private List<Lease> leases;

  @BeforeEach
  void start() {
    network = OutageProxy.to("127.0.0.1", URI.create(Place.STANDALONE.uri()).getPort());
    direct = bench.with(Bench.SETTINGS.withKeep(Keep.RESULTS));
    direct.fill(Bench.numbers(6));
    session = Bench.session(direct);
    leases = new ArrayList<>(session.lease(6).leases());
    queue =
        bench.open(config ->
            new QueueConfig(
                network.uri(),
                config.name(),
                config.redisTimeout(),
                config.settings(),
                config.access()));
    assertThat(queue.run()).isPresent();
  }

  @AfterEach
  void close() {
    bench.close();
    network.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void anItemThatWasDroppedIsSaidToBe(int reply) {
    leases.get(0).bury("no");
    leases.get(1).retry("later", Duration.ofHours(1));
    leases.get(2).release();
    direct.fill(
        Stream.of(
            Item.of("high").withId("high").withPriority(Priority.HIGH),
            Item.of("low").withId("low").withPriority(Priority.LOW)));
    List<List<String>> expected =
        List.of(
            List.of("1", "dead"),
            List.of("2", "delayed"),
            List.of("3", "waiting"),
            List.of("4", "leased"),
            List.of("high", "waiting"),
            List.of("low", "waiting"));
    for (List<String> item : expected) {
      network.cutInReply(reply);
      assertThat(queue.admin().dropItem(item.getFirst()))
          .as(item.getFirst())
          .contains(ItemState.of(item.getLast()));
      assertThat(direct.admin().item(item.getFirst())).isEmpty();
    }
    assertThat(direct.admin().status().counts())
        .isEqualTo(new QueueStatus.Counts(0, 2, 0, 0, 0, 0));
    leases.subList(4, 6).forEach(Lease::complete);
    assertThat(direct.isDrained()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void anItemThatWasRequeuedIsSaidToBe(int reply) {
    leases.get(0).bury("no");
    leases.get(1).retry("later", Duration.ofHours(1));
    network.cutInReply(reply);
    assertThat(queue.admin().requeueItem("1")).contains(ItemState.DEAD);
    network.cutInReply(reply);
    assertThat(queue.admin().requeueItem("2")).contains(ItemState.DELAYED);
    assertThat(session.lease(9).leases()).extracting(Lease::id).containsExactlyInAnyOrder("1", "2");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void ofManyAllAreCounted(int reply) {
    leases.forEach(lease -> lease.bury("no"));
    network.cutInReply(reply);
    assertThat(queue.admin().drop(new DeadItems.WithId("6"))).isEqualTo(1);
    network.cutInReply(reply);
    assertThat(queue.admin().requeue(new DeadItems.All())).isEqualTo(5);
    assertThat(queue.admin().requeue(new DeadItems.All())).isZero();
    session.lease(3).leases().forEach(lease -> lease.bury("again"));
    network.cutInReply(reply);
    assertThat(queue.admin().drop(new DeadItems.WithError("again"))).isEqualTo(3);
    assertThat(queue.admin().drop(new DeadItems.WithError("again"))).isZero();
    assertThat(direct.admin().status().counts())
        .isEqualTo(new QueueStatus.Counts(2, 0, 0, 0, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void whatWasPurgedIsCounted(int reply) {
    leases.getFirst().complete();
    network.cutInReply(reply);
    assertThat(queue.admin().purge()).isEqualTo(6);
    assertThat(queue.admin().purge()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void whatWasAdoptedIsCounted(int reply) {
    for (String item : List.of("a", "b", "c")) {
      bench.cli(redis.clients.jedis.Protocol.Command.RPUSH, bench.name + ":processing", item);
    }
    network.cutInReply(reply);
    assertThat(queue.admin().adopt()).isEqualTo(3);
    assertThat(
            queue.admin().items(ItemState.WAITING).map(item -> new String(item.payload(), UTF_8)))
        .containsExactlyInAnyOrder("a", "b", "c");
  }
}
