package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.internal.client.Partition;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How many partitions a queue has is said once; nothing that was there before is buried under them.
 */
@ParameterizedClass
@MethodSource("places")
@Tag("slow")
class PartitionsStayTest {

  private static final QueueSettings FOUR = Bench.SETTINGS.withPartitions(4);

  @Parameter ServedPlace place = Place.STANDALONE.here();
  private Bench bench;
  private WorkQueue queue;

  static List<ServedPlace> places() {
    return ServedPlace.all(Place.STANDALONE, Place.CLUSTER);
  }

  @BeforeEach
  void open() {
    bench = new Bench(place::config);
    queue = bench.with(FOUR);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void anotherNumberOfPartitionsIsRefused() {
    queue.fill(Bench.numbers(1));
    assertThatThrownBy(() -> bench.with(FOUR.withPartitions(8)))
        .isInstanceOf(QueueUnusableException.class)
        .hasMessageContaining("has 4 partitions, not 8");
    assertThat(queue.admin().status().counts().waiting()).isEqualTo(1);
  }

  @Test
  void aQueueWithoutPartitionsNeverGetsAny() {
    Bench plain = new Bench(place::config);
    try {
      plain.open().fill(Bench.numbers(3));
      assertThatThrownBy(() -> plain.with(FOUR))
          .isInstanceOf(QueueUnusableException.class)
          .hasMessageContaining("has 1 partition, not 4");
      assertThat(plain.state("format")).isEqualTo("1");
    } finally {
      plain.close();
    }
  }

  @Test
  void whoOpenedItWhenItWasNotThereMustNotFillPastThePartitions() {
    Bench late = new Bench(place::config);
    try {
      WorkQueue early = late.open();
      late.with(FOUR).fill(Bench.numbers(2));
      assertThatThrownBy(() -> early.fill(Bench.numbers(2)))
          .isInstanceOf(QueueUnusableException.class)
          .hasMessageContaining("has 4 partitions, not 1");
    } finally {
      late.close();
    }
  }

  @Test
  void itemsThatWerePushedAreNotBuriedUnderPartitions() {
    bench.rpush("a");
    assertThatThrownBy(() -> queue.fill(Bench.numbers(2)))
        .isInstanceOf(QueueUnusableException.class)
        .hasMessageContaining("pushed into it");
  }

  @Test
  void aQueueThatHasTheNameOfAPartitionIsLeftAlone() {
    Bench other = new Bench(place::config);
    try {
      WorkQueue named =
          other.open(c ->
              new QueueConfig(
                  c.uri(),
                  new Partition(bench.name, 2, 4).name(),
                  c.redisTimeout(),
                  c.settings(),
                  c.access()));
      named.fill(Bench.numbers(1));
      assertThatThrownBy(() -> queue.fill(Bench.numbers(8)))
          .isInstanceOf(QueueUnusableException.class)
          .hasMessageContaining("is no partition of");
      assertThat(named.admin().status().counts().waiting()).isEqualTo(1);
    } finally {
      other.close();
    }
  }
}
