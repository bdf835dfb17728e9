package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testkit.OutageProxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Protocol.Command;

/** Dropped items where a reply is lost, a name is empty, or the run is another by now. */
class DroppedInDoubtTest {

  private final Bench bench = Bench.shared();
  private OutageProxy network;

  @BeforeEach
  void start() {
    network = OutageProxy.to("127.0.0.1", URI.create(Place.STANDALONE.uri()).getPort());
  }

  @AfterEach
  void close() {
    bench.close();
    network.close();
  }

  private WorkQueue overTheNetwork() {
    return bench.open(config ->
        new QueueConfig(
            network.uri(),
            config.name(),
            config.redisTimeout(),
            config.settings(),
            config.access()));
  }

  @Test
  void oneOfTwoEqualPayloadsIsDroppedAlsoWhenTheReplyIsLost() {
    bench.open().fill(Bench.items("same", "same", "other"));
    WorkQueue queue = overTheNetwork();
    network.cutInReply(1);
    assertThat(queue.admin().dropWaiting("same".getBytes(UTF_8))).isTrue();
    assertThat(queue.admin().items(ItemState.WAITING).map(DroppedInDoubtTest::text))
        .containsExactly("same", "other");
    assertThat(queue.admin().dropWaiting("same".getBytes(UTF_8))).as("another call").isTrue();
    assertThat(queue.admin().items(ItemState.WAITING).map(DroppedInDoubtTest::text))
        .containsExactly("other");
  }

  @Test
  void aCompletionInDoubtOfADroppedItemIsRefused() {
    WorkQueue person = bench.with(Bench.SETTINGS.withKeep(Keep.RESULTS));
    person.fill(Bench.items("a", "b"));
    Session session = Bench.session(overTheNetwork());
    List<Lease> leases = session.lease(2).leases();
    assertThat(person.admin().dropItem("1")).contains(ItemState.LEASED);
    network.cutInReply(1);
    LeaseBatch batch = session.step(Bench.complete(leases), 0);
    assertThat(batch.refused())
        .extracting(settlement -> settlement.lease().id())
        .containsExactly("1");
    assertThat(person.results().map(Result::id)).containsExactly("2");
    assertThat(person.isDrained()).isTrue();
  }

  /** In a session's record the empty field says that the session is there. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void noItemHasAnEmptyId(int partitions) {
    WorkQueue queue = bench.with(Bench.SETTINGS.withPartitions(partitions));
    queue.fill(Bench.items("", "b"));
    Session session = Bench.session(queue);
    Lease lease = session.lease(1).leases().getFirst();
    assertThat(queue.admin().item("")).isEmpty();
    assertThat(queue.admin().dropItem("")).isEmpty();
    assertThat(queue.admin().requeueItem("")).isEmpty();
    assertThat(queue.admin().status().counts().leased()).isEqualTo(1);
    lease.complete();
    Bench.drain(session);
    assertThat(queue.admin().status().counts().done()).isEqualTo(2);
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void whatWasDroppedOfARunIsNotMissedWhenTheNextHasBegun() {
    WorkQueue queue = bench.open();
    queue.fill(Stream.of("a", "b").map(name -> Item.of(name).withId(name)));
    String run = queue.run().orElseThrow();
    WorkQueue careful = bench.open().with(SessionOptions.DEFAULTS.withRun(run).withExpect(2));
    queue.admin().dropItem("a");
    Bench.drain(Bench.session(queue));
    assertThat(queue.isDrained()).isTrue();
    bench.open().fill(Bench.items("of the next run"));
    assertThat(careful.state()).isInstanceOf(QueueState.Drained.class);
  }

  @Test
  void whoSawAnEarlierRunReopensTheOneThatIsThere() {
    QueueSettings settings =
        Bench.SETTINGS.withKeep(Keep.RESULTS).withRetention(Duration.ofHours(1)).withAttempts(1);
    WorkQueue old = bench.with(settings);
    old.fill(Bench.items("first"));
    Bench.drain(Bench.session(old));
    String first = old.run().orElseThrow();
    WorkQueue queue = bench.open();
    queue.fill(Bench.items("second", "bad"));
    String second = bench.open().run().orElseThrow();
    assertThat(second).isNotEqualTo(first);
    Session session = Bench.session(bench.open());
    List<Lease> leases = session.lease(2).leases();
    leases.getFirst().complete("result".getBytes(UTF_8));
    leases.getLast().bury("no");
    assertThat(bench.open().isDrained()).isTrue();
    assertThat(expires(first)).isTrue();
    assertThat(expires(second)).isTrue();
    assertThat(old.admin().requeue(new DeadItems.All())).isEqualTo(1);
    assertThat(expires(first)).isTrue();
    assertThat(expires(second)).isFalse();
    bench.open().lease(Duration.ZERO).orElseThrow().complete();
    assertThat(bench.open().isDrained()).isTrue();
    assertThat(expires(second)).isTrue();
    old.produceMore(FillOptions.as("more")).finish();
    assertThat(expires(first)).isTrue();
  }

  private static String text(ItemView item) {
    return new String(item.payload(), UTF_8);
  }

  private boolean expires(String run) {
    Object millis = bench.cli(Command.PTTL, "{" + bench.name + "}:results:" + run);
    return millis instanceof Long left && left > 0;
  }

  @Test
  void aDropOfWhatIsNotThereLeavesNoTrace() {
    WorkQueue queue = bench.open();
    queue.fill(Bench.items("a"));
    assertThat(queue.admin().dropWaiting("b".getBytes(UTF_8))).isFalse();
    assertThat(bench.state("drops")).isNull();
  }
}
