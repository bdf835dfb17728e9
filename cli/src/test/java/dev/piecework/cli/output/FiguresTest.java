package dev.piecework.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FiguresTest {

  @Test
  void numbersAreGroupedAsTheFormatterDoes() {
    Random random = new Random(1);
    for (int bits = 0; bits < 64; bits++) {
      long number = random.nextLong() >>> bits;
      assertThat(Figures.number(number)).isEqualTo(String.format(Locale.ROOT, "%,d", number));
      assertThat(Figures.number(-number)).isEqualTo(String.format(Locale.ROOT, "%,d", -number));
    }
    assertThat(Figures.number(999)).isEqualTo("999");
    assertThat(Figures.number(1_000)).isEqualTo("1,000");
    assertThat(Figures.number(Long.MIN_VALUE)).isEqualTo("-9,223,372,036,854,775,808");
  }

  @Test
  void timesHaveTwoUnitsAtMost() {
    assertThat(Figures.time(Duration.ofMillis(850))).isEqualTo("850ms");
    assertThat(Figures.time(Duration.ofSeconds(185))).isEqualTo("3m05s");
    assertThat(Figures.time(Duration.ofMinutes(127))).isEqualTo("2h07m");
    assertThat(Figures.time(Duration.ofHours(99))).isEqualTo("4d3h");
  }
}
