package dev.piecework.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Lease;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PacingTest {

  private final Pacing pacing = new Pacing(2, 1_000);
  private long busy;
  private long ended;

  private void items(int count, long microsEach) {
    busy += count * TimeUnit.MICROSECONDS.toNanos(microsEach);
    ended += count;
    pacing.totals(busy, ended);
  }

  private void warmUp() {
    pacing.called(TimeUnit.MICROSECONDS.toNanos(100));
    for (int lot = 0; lot < 20; lot++) {
      items(100, 1);
    }
  }

  private static List<Lease> payloads(int count, int bytes) {
    return Collections.nCopies(count, new HandMadeLease("1", new byte[bytes], 0));
  }

  @Test
  void tinyItemsComeInLargeLots() {
    warmUp();
    assertThat(pacing.lot()).isEqualTo(1_000);
    assertThat(pacing.isBrisk()).isTrue();
  }

  @Test
  void largePayloadsAreNotPiledUp() {
    warmUp();
    pacing.leased(payloads(4, 256 << 10));
    assertThat(pacing.lot()).isEqualTo(8);
    pacing.leased(payloads(1, 8 << 20));
    assertThat(pacing.lot()).isEqualTo(1);
  }

  @Test
  void slowItemsEndTheLotsAtOnceAndQuickOnesBringThemBackByAndBy() {
    warmUp();
    items(1, 1_000_000);
    assertThat(pacing.lot()).isZero();
    int lots = 0;
    while (pacing.lot() == 0) {
      items(10, 1);
      lots++;
    }
    assertThat(lots).isBetween(5, 30);
    assertThat(pacing.lot()).isEqualTo(2);
  }

  @Test
  void aStallCountsAsSlowItems() {
    warmUp();
    pacing.stalled(TimeUnit.MILLISECONDS.toNanos(100));
    assertThat(pacing.isBrisk()).isFalse();
  }

  @Test
  void oneCallThatWasHeldUpChangesLittle() {
    warmUp();
    long before = pacing.lingerNanos();
    pacing.called(TimeUnit.MILLISECONDS.toNanos(1));
    assertThat(pacing.lingerNanos()).isLessThanOrEqualTo(2 * before);
  }
}
