package dev.piecework.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.estimate.EndEstimate.NothingLeft;
import dev.piecework.estimate.EndEstimate.OrderMatters;
import dev.piecework.estimate.EndEstimate.Range;
import dev.piecework.estimate.EndEstimate.Stall;
import dev.piecework.estimate.EndEstimate.Stalled;
import dev.piecework.estimate.EndEstimate.TooEarly;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EndTextTest {

  private static final Instant NOW = Instant.parse("2026-03-02T14:00:30Z"); // a Monday

  private static Range range(long low, long high) {
    return new Range(
        Duration.ofSeconds(low), Duration.ofSeconds((low + high) / 2), Duration.ofSeconds(high));
  }

  private static String text(EndEstimate end) {
    return EndText.of(end, NOW, ZoneOffset.UTC);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "185   | 470    | in 3 to 8 min               | 3m to 8m",
        "50    | 130    | in 50 s to 3 min            | 50s to 3m",
        "20    | 45     | in 20 to 45 s               | 20s to 45s",
        "600   | 600    | in about 10 min             | 10m",
        "300   | 2400   | 14:05 to 14:40              | 5m to 40m",
        "3600  | 43200  | 15:00 to Tue 02:00          | 60m to 12h",
        "86400 | 864000 | Tue 14:00 to 2026-03-12 14:00 | 24h to 10d"
      })
  void aRange(long low, long high, String said, String brief) {
    assertThat(text(range(low, high))).isEqualTo("ends " + said);
    assertThat(EndText.brief(range(low, high))).isEqualTo("ETA " + brief);
  }

  @Test
  void whatIsNoRange() {
    assertThat(text(new NothingLeft())).isEmpty();
    assertThat(EndText.brief(new NothingLeft())).isEmpty();
    assertThat(text(new TooEarly(Duration.ZERO))).isEqualTo("too early to say when it ends");
    assertThat(text(new TooEarly(Duration.ofMinutes(3))))
        .isEqualTo("too early to say when it ends, not in less than 3 min");
    assertThat(text(new TooEarly(Duration.ofMinutes(62))))
        .isEqualTo("too early to say when it ends, not before 15:02");
    assertThat(EndText.brief(new TooEarly(Duration.ofMinutes(3)))).isEqualTo("ETA over 3m");
    assertThat(text(new Stalled(Stall.NOTHING_ENDS, Duration.ofMinutes(12))))
        .isEqualTo("stalled: nothing has ended for 12 min");
    assertThat(EndText.brief(new Stalled(Stall.NOTHING_ENDS, Duration.ofMinutes(12))))
        .isEqualTo("stalled for 12m");
    assertThat(text(new Stalled(Stall.NO_WORKER, Duration.ZERO))).isEqualTo("no worker is there");
  }

  @Test
  void aTrendOffersToShuffle() {
    assertThat(text(new OrderMatters(range(185, 470), 0.9)))
        .isEqualTo(
            "ends in 3 to 8 min if the rest is like what is done, but items take longer and longer:"
                + " expect it later (a fill with --shuffle can be told)");
    assertThat(EndText.brief(new OrderMatters(range(185, 470), -0.9)))
        .isEqualTo("ETA 3m to 8m or sooner");
  }
}
