package dev.piecework.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemTimesTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 10, 999, 1_000, 59_999, 3_600_000, 864_000_000L})
  void aTimeLiesInItsBucket(long millis) {
    int bucket = ItemTimes.bucketOf(millis);
    assertThat((double) millis).isGreaterThanOrEqualTo(ItemTimes.lowerMillis(bucket) * 0.999999);
    assertThat((double) millis).isLessThan(ItemTimes.upperMillis(bucket) * 1.000001);
  }

  @Test
  void theFirstAndTheLastBucketTakeAllThatIsBeyond() {
    assertThat(ItemTimes.bucketOf(0)).isZero();
    assertThat(ItemTimes.bucketOf(-5)).isZero();
    assertThat(ItemTimes.bucketOf(Long.MAX_VALUE)).isEqualTo(ItemTimes.LAST_BUCKET);
    assertThatThrownBy(() -> new ItemTimes(Map.of(250, 1L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 to 249");
  }

  @Test
  void aQuantileIsRightToATenth() {
    long seed = 7;
    SplittableRandom random = new SplittableRandom(seed);
    long[] times = random.longs(20_000, 1, 100_000).sorted().toArray();
    Map<Integer, Long> counts = new TreeMap<>();
    for (long millis : times) {
      counts.merge(ItemTimes.bucketOf(millis), 1L, Long::sum);
    }
    ItemTimes all = new ItemTimes(counts);
    for (double part : new double[] {0.05, 0.5, 0.95, 0.99}) {
      double exact = times[(int) (part * times.length)];
      assertThat((double) all.quantile(part).toMillis())
          .as("quantile %s, seed %s", part, seed)
          .isBetween(exact * 0.9, exact * 1.1);
    }
  }

  @Test
  void nothingHasNoQuantile() {
    assertThat(ItemTimes.NONE.quantile(0.5)).isEqualTo(Duration.ZERO);
    assertThat(ItemTimes.NONE.count()).isZero();
  }

  @Test
  void timesAreAdded() {
    ItemTimes sum = new ItemTimes(Map.of(3, 1L, 4, 2L)).plus(new ItemTimes(Map.of(4, 5L)));
    assertThat(sum).isEqualTo(new ItemTimes(Map.of(3, 1L, 4, 7L)));
    assertThat(sum.count()).isEqualTo(8);
  }
}
