package dev.piecework.worker.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Lease;
import dev.piecework.worker.internal.exchange.HandMadeLease;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BatchTimingTest {

  private final BatchTiming timing = new BatchTiming(2, 1_000);
  private long busy;
  private long ended;

  private void items(int count, long microsEach) {
    busy += count * TimeUnit.MICROSECONDS.toNanos(microsEach);
    ended += count;
    timing.totals(busy, ended);
  }

  private void warmUp() {
    timing.called(TimeUnit.MICROSECONDS.toNanos(100));
    for (int batch = 0; batch < 20; batch++) {
      items(100, 1);
    }
  }

  private static List<Lease> payloads(int count, int bytes) {
    return Collections.nCopies(count, new HandMadeLease("1", new byte[bytes], 0));
  }

  @Test
  void tinyItemsComeInLargeBatches() {
    warmUp();
    assertThat(timing.batch()).isEqualTo(1_000);
    assertThat(timing.isBrisk()).isTrue();
  }

  @Test
  void largePayloadsAreNotPiledUp() {
    warmUp();
    timing.leased(payloads(4, 256 << 10));
    assertThat(timing.batch()).isEqualTo(8);
    timing.leased(payloads(1, 8 << 20));
    assertThat(timing.batch()).isEqualTo(1);
  }

  @Test
  void slowItemsEndTheBatchesAtOnceAndQuickOnesBringThemBackByAndBy() {
    warmUp();
    items(1, 1_000_000);
    assertThat(timing.batch()).isZero();
    int batches = 0;
    while (timing.batch() == 0) {
      items(10, 1);
      batches++;
    }
    assertThat(batches).isBetween(5, 30);
    assertThat(timing.batch()).isEqualTo(2);
  }

  @Test
  void aStallCountsAsSlowItems() {
    warmUp();
    timing.stalled(TimeUnit.MILLISECONDS.toNanos(100));
    assertThat(timing.isBrisk()).isFalse();
  }

  @Test
  void oneCallThatWasHeldUpChangesLittle() {
    warmUp();
    long before = timing.lingerNanos();
    timing.called(TimeUnit.MILLISECONDS.toNanos(1));
    assertThat(timing.lingerNanos()).isLessThanOrEqualTo(2 * before);
  }
}
