package dev.piecework.internal.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.QueueState;
import dev.piecework.internal.client.Partition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which partition an item belongs to, and what its id is there. */
class PartitionTest {

  @Test
  void recordsAreDealtOutInTurn() {
    assertThat(LongStream.rangeClosed(1, 7).map(record -> Partition.of(record, null, 3)))
        .containsExactly(0L, 1L, 2L, 0L, 1L, 2L, 0L);
  }

  @Test
  void recordsWithAnIdGoByItAloneAndEvenly() {
    Map<Integer, Long> counts =
        IntStream.range(0, 16_000)
            .mapToObj(i -> Partition.of(i, "file-" + i + ".jpg", 16))
            .collect(Collectors.groupingBy(p -> p, Collectors.counting()));
    assertThat(counts).hasSize(16);
    assertThat(counts.values()).allMatch(count -> count > 800 && count < 1_200);
    assertThat(Partition.of(1, "a", 16)).isEqualTo(Partition.of(99, "a", 16));
  }

  @Test
  void theWayFromIdToPartitionIsPartOfTheProtocol() {
    // CRC-32 as in zlib, of the UTF-8 text: of "123456789" it is cbf43926.
    assertThat(Partition.of(1, "123456789", 16)).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"apple", "17", "=", "=17", "16-1", "0-01", "3-0", "2024-11-25", "-", "é"})
  void givenIdsStayWhatTheyAre(String id) {
    int number = Partition.of(id, 16);
    assertThat(number).isEqualTo(Partition.of(1, id, 16));
    Partition partition = new Partition("q", number, 16);
    assertThat(partition.stored(id)).isEqualTo(Partition.storedOfGiven(id));
    assertThat(partition.shown(partition.stored(id))).isEqualTo(id);
    assertThat(partition.stored(id)).doesNotMatch("\\d+");
  }

  @Test
  void countedIdsNameTheirPartition() {
    Partition partition = new Partition("q", 3, 16);
    assertThat(partition.shown("17")).isEqualTo("3-17");
    assertThat(partition.stored("3-17")).isEqualTo("17");
    assertThat(Partition.of("3-17", 16)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 16, 256})
  void theirSlotsAreSpreadSoThatMastersGetEquallyMany(int count) {
    for (String queue : List.of("job2", "images", "a")) {
      for (int number = 0; number < count; number++) {
        String name = new Partition(queue, number, count).name();
        assertThat(name).matches(queue + "\\." + number + "(-\\d+)?");
        assertThat(redis.clients.jedis.util.JedisClusterCRC16.getSlot("{" + name + "}:state"))
            .isBetween(
                Math.ceilDiv(number * 16_384, count), Math.ceilDiv((number + 1) * 16_384, count));
      }
    }
  }

  @Test
  void withoutPartitionsNothingIsChanged() {
    Partition whole = Partition.whole("q");
    for (String id : List.of("17", "=17", "0-17", "a")) {
      assertThat(whole.shown(id)).isEqualTo(id);
      assertThat(whole.stored(id)).isEqualTo(id);
    }
    assertThat(whole.name()).isEqualTo("q");
  }

  @Test
  void eachPartitionIsVisitedAsOftenAsTheOthers() {
    PartitionSchedule schedule = new PartitionSchedule(4, 2);
    int[] batches = new int[4];
    for (int batch = 0; batch < 40 * PartitionSchedule.BATCHES; batch++) {
      int partition = schedule.order(0).getFirst();
      batches[partition]++;
      schedule.found(partition);
    }
    assertThat(batches).containsOnly(10 * PartitionSchedule.BATCHES);
  }

  @Test
  void whereNothingWasFoundIsLeftAloneForAWhileAndThenLookedAtAgain() {
    PartitionSchedule schedule = new PartitionSchedule(3, 0);
    schedule.foundNothing(0, 0);
    schedule.foundNothing(2, 0);
    int[] asked = new int[3];
    for (int batch = 0; batch < 100; batch++) {
      List<Integer> order = schedule.order(1_000_000);
      asked[order.getFirst()]++;
      schedule.found(order.getFirst());
    }
    assertThat(asked).containsExactly(0, 100, 0);
    schedule.foundNothing(1, 1_000_000);
    assertThat(schedule.order(1_000_000)).isEmpty();
    assertThat(schedule.untilNext(1_000_000).toMillis()).isEqualTo(4);
    assertThat(schedule.order(5_000_000)).containsExactlyInAnyOrder(0, 2);
  }

  @Test
  void togetherTheyStandAtAnEndOnlyIfEachDoes() {
    QueueState drained = new QueueState.Drained("r", 2, 1);
    QueueState never = new QueueState.NeverFilled();
    QueueState waits =
        new QueueState.NotYet(
            java.time.Duration.ofSeconds(1), new QueueState.WaitReason.Leased(3, 1));
    QueueState incomplete = new QueueState.Incomplete(List.of("scan"));
    QueueState lost = new QueueState.Lost("gone");
    assertThat(together(drained, drained)).isEqualTo(new QueueState.Drained("r", 4, 2));
    assertThat(together(drained, new QueueState.Ready())).isInstanceOf(QueueState.Ready.class);
    assertThat(together(drained, waits)).isInstanceOf(QueueState.NotYet.class);
    assertThat(together(incomplete, waits)).isInstanceOf(QueueState.NotYet.class);
    assertThat(together(incomplete, drained)).isEqualTo(incomplete);
    assertThat(together(incomplete, never)).isEqualTo(incomplete);
    assertThat(together(never, never)).isEqualTo(never);
    assertThat(together(never, waits)).isInstanceOf(QueueState.NotYet.class);
    // Every producer opens in all of them: one that knows no run has lost it.
    assertThat(together(drained, never)).isInstanceOf(QueueState.Lost.class);
    assertThat(together(lost, new QueueState.Ready())).isEqualTo(lost);
  }

  private static QueueState together(QueueState... parts) {
    return PartitionConsensus.together(Arrays.asList(parts));
  }
}
