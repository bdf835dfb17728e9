package dev.piecework.worker.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.worker.internal.dispatch.BatchSizer.Measured;
import dev.piecework.worker.internal.dispatch.BatchSizer.Need;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchSizerTest {

  private static final long MICRO = 1_000;

  @ParameterizedTest(name = "{5}")
  @CsvSource({
    // item us, trip us, slots, previous, batch, why
    "0,     100, 2,   0,    0,    nothing is known yet",
    "5000,  100, 2,   16,   0,    an item takes 50 round trips: slow",
    "4999,  100, 2,   16,   3,    just not slow: 50 trips of two slots",
    "1000,  100, 64,  400,  320,  the batch lasts 50 round trips",
    "1000,  100, 64,  100,  200,  growth is by doubling",
    "1,     100, 1,   0,    1,    growth starts with one for each slot",
    "1,     100, 8,   0,    8,    growth starts with one for each slot (8)",
    "1,     100, 1,   1000, 1000, never more than a call may lease",
    "100,   100, 1,   1000, 50,   shrinks at once",
  })
  void batch(long item, long trip, int slots, int previous, int expected, String why) {
    Measured measured = new Measured(item * MICRO, trip * MICRO);
    assertThat(BatchSizer.batch(measured, slots, previous, 1_000)).as(why).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{8}")
  @CsvSource({
    // item us, trip us, batch, slots, asked, unstarted, left, want, why
    "0, 100, 0, 4, 4, 0, 1000000, 4, at first one for each free slot",
    "0, 100, 0, 4, 4, 3, 1000000, 1, what is prefetched counts",
    "9000, 100, 0, 4, 0, 0, 1000000, 0, slow: nobody is free, so nothing",
    "9000, 100, 0, 4, 1, 0, 1000000, 1, slow: one is free, so one",
    "9000, 100, 0, 4, 1, 0, 0, 1, slow: it asks even of an empty bag",
    "100, 100, 100, 2, 0, 101, 1000000, 0, more than a batch is here",
    "100, 100, 100, 2, 0, 100, 1000000, 100, a batch is here: time for the next",
    "100, 100, 100, 2, 2, 0, 1000000, 100, nothing is here: a batch",
    "100, 100, 100, 2, 0, 50, 0, 0, the bag is empty and nobody waits",
    "100, 100, 100, 2, 2, 0, 0, 2, the bag is empty but somebody waits",
    "100, 100, 100, 2, 2, 0, 60, 30, near the end half of what is left",
    "100, 100, 100, 2, 0, 30, 60, 0, the share is here already",
    "100, 100, 100, 2, 2, 0, 3, 2, at the very end what a round trip does",
    "1, 100, 1000, 1, 1, 0, 150, 100, tiny items: what a round trip does",
    "1, 100, 1000, 1, 1, 0, 99999, 1000, never more than a call may lease",
    "100, 100, 100, 2, 700, 0, 99999, 700, a batch asks for more than a batch",
  })
  void want(
      long item,
      long trip,
      int batch,
      int slots,
      int asked,
      int unstarted,
      long left,
      int expected,
      String why) {
    Measured measured = new Measured(item * MICRO, trip * MICRO);
    Need need = new Need(slots, asked, unstarted);
    assertThat(BatchSizer.want(measured, batch, need, left)).as(why).isEqualTo(expected);
  }
}
