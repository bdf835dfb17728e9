package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.internal.client.Partition;
import dev.piecework.internal.redis.Values;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/**
 * A master fails over to a replica that had copied nothing of a fill: its partition then knows
 * nothing of the source, and all that is left in it can be done.
 */
class LostSourceTest {

  private static final QueueSettings FOUR = Bench.SETTINGS.withKeep(Keep.RESULTS).withPartitions(4);

  private final Bench bench = Bench.shared();
  private WorkQueue queue;

  @BeforeEach
  void loseWhatOneSourceGaveAPartition() {
    queue = bench.with(FOUR);
    fill("one");
    Map<String, byte[]> before = keysOfThirdPartition();
    fill("two");
    keysOfThirdPartition().keySet().forEach(key -> bench.cli(Command.DEL, key));
    before.forEach((key, value) -> bench.cli(Command.RESTORE, key, 0, value));
    assertThat(Bench.drain(Bench.session(queue))).hasSize(21);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  // As a name that no person gave.
  private FillReport fill(String source) {
    try (Producer producer = queue.produce(new FillOptions(source, true, false, false))) {
      Bench.numbers(12).forEach(producer::add);
      return producer.finish();
    }
  }

  private Map<String, byte[]> keysOfThirdPartition() {
    String name = new Partition(bench.name, 2, 4).name();
    Map<String, byte[]> values = new HashMap<>();
    values.put(name, (byte[]) bench.cli(Command.DUMP, name)); // the list
    for (String key : Values.of(bench.cli(Command.KEYS, "{" + name + "}:*")).texts()) {
      values.put(key, (byte[]) bench.cli(Command.DUMP, key));
    }
    return values;
  }

  @Test
  void isNoEndAndTheSameFillPutsItRight() {
    assertThat(queue.state()).isEqualTo(new QueueState.Incomplete(List.of("two")));
    assertThat(queue.admin().status().state()).isEqualTo(queue.state());
    assertThat(bench.notices)
        .containsOnlyOnce(
            "a partition has lost what it was given by two"
                + " (a failover before it was copied); the same fill again adds it");
    assertThat(fill("two").added()).isEqualTo(3);
    assertThat(Bench.drain(Bench.session(queue))).hasSize(3);
    assertThat(queue.isDrained()).isTrue();
    assertThat(queue.results().map(Result::id)).hasSize(24).doesNotHaveDuplicates();
  }

  @Test
  void isTheEndWhenAPersonSaysSo() {
    assertThat(queue.admin().closeSource("two")).isTrue();
    assertThat(queue.state())
        .isInstanceOfSatisfying(QueueState.Drained.class, d -> assertThat(d.done()).isEqualTo(21));
  }

  @Test
  void theSourcesOfTheNextRunAreNoneOfTheLast() {
    queue.admin().closeSource("two");
    assertThat(queue.isDrained()).isTrue();
    WorkQueue last = queue.with(SessionOptions.DEFAULTS.withRun(queue.run().orElseThrow()));
    try (Producer next = queue.admin().partitions().getFirst().produce(FillOptions.as("next"))) {
      assertThat(next.source()).isEqualTo("next");
      assertThat(last.state()).isInstanceOf(QueueState.Drained.class);
    }
  }
}
