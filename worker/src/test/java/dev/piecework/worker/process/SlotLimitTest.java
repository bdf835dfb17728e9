package dev.piecework.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotLimitTest {

  @Test
  void theSlotsThatFitNeedNoMoreThanTheLimitAndOneMoreDoes() {
    SlotLimit limit = SlotLimit.now(false);

    assertThat(limit.slots()).isPositive();
    assertThat(limit.openFilesFor(limit.slots())).isLessThanOrEqualTo(limit.openFiles());
    assertThat(limit.openFilesFor(limit.slots() + 1)).isGreaterThan(limit.openFiles());
    assertThat(SlotLimit.now(true).slots()).isLessThan(limit.slots());
  }
}
