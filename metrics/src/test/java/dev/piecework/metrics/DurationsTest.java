package dev.piecework.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Held against the library's own histogram. */
final class DurationsTest {

  private static final double[] BOUNDS = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 60, 7_200};

  @Test
  void countsWhatTheLibrarysHistogramCounts() {
    Durations ours = new Durations(BOUNDS);
    Histogram theirs =
        Histogram.builder()
            .name("a_seconds")
            .help("it")
            .classicUpperBounds(BOUNDS)
            .nativeInitialSchema(3)
            .nativeMaxNumberOfBuckets(0)
            .register(new io.prometheus.metrics.model.registry.PrometheusRegistry());
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 100_000; i++) {
      // From some nanoseconds to some hours, each magnitude as often.
      long nanos = (long) Math.pow(10, random.nextDouble(0.5, 13));
      ours.add(nanos);
      theirs.observe(nanos / 1e9);
    }
    for (double bound : BOUNDS) {
      ours.add((long) (bound * 1e9));
      theirs.observe(bound);
    }
    for (int power = 0; power < 6; power++) {
      ours.add(1_000_000_000L << power);
      theirs.observe((double) (1L << power));
    }

    HistogramDataPointSnapshot shown = only(ours.snapshot("a_seconds", "it", Labels.EMPTY));
    HistogramDataPointSnapshot expected = only(theirs.collect());
    assertThat(texts(shown)).isEqualTo(texts(expected));
    assertThat(natives(shown)).isEqualTo(natives(expected));
    assertThat(shown.getNativeSchema()).isEqualTo(expected.getNativeSchema());
    assertThat(shown.getCount()).isEqualTo(expected.getCount()).isEqualTo(ours.count());
    assertThat(shown.getSum())
        .isCloseTo(expected.getSum(), org.assertj.core.data.Offset.offset(1.0));
  }

  @Test
  void whatIsBeyondAllBucketsIsCountedAllTheSame() {
    Durations durations = new Durations(1);
    durations.add(0);
    durations.add(Long.MAX_VALUE);
    assertThat(durations.count()).isEqualTo(2);
    assertThat(only(durations.snapshot("a", "it", Labels.EMPTY)).getCount()).isEqualTo(2);
  }

  private static HistogramDataPointSnapshot only(HistogramSnapshot snapshot) {
    return snapshot.getDataPoints().getFirst();
  }

  private static List<String> texts(HistogramDataPointSnapshot point) {
    return point.getClassicBuckets().stream()
        .map(bucket -> bucket.getUpperBound() + " " + bucket.getCount())
        .toList();
  }

  private static List<String> natives(HistogramDataPointSnapshot point) {
    return point.getNativeBucketsForPositiveValues().stream()
        .map(bucket -> bucket.getBucketIndex() + " " + bucket.getCount())
        .toList();
  }
}
