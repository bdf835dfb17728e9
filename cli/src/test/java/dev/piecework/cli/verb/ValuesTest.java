package dev.piecework.cli.verb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Values of options: what is taken is what was meant, and what cannot be is refused. */
class ValuesTest {

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "500000,500000",
    "64k,65536",
    "64K,65536",
    "1MiB,1048576",
    "2G,2147483648",
    "3 mb,3145728",
    "8388607t,9223370937343148032",
    "9223372036854775807,9223372036854775807"
  })
  void sizesAreReadToTheByte(String text, long bytes) {
    assertThat(Values.Size.parse(text).bytes()).isEqualTo(bytes);
  }

  /** Shifted without a look, 16777216t was 0, which means the default. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "16777216t",
        "8388608t",
        "9223372036854775808",
        "9999999999999999999k",
        "-1",
        "+1",
        "1e3",
        "0x10",
        "1.5m",
        "",
        " ",
        "k",
        "1kk",
        "1 0",
        "١٢",
        "1pb"
      })
  void sizesThatCannotBeAreRefused(String text) {
    assertThatThrownBy(() -> Values.Size.parse(text))
        .isInstanceOf(CommandLine.TypeConversionException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "99999999999h",
        "9223372036854775807ms",
        "9999999999999999999d",
        "106752d",
        "-5s",
        "1e3s",
        "0x10s",
        "5",
        "",
        "5 s",
        "٥s",
        "1h30",
        "s"
      })
  void durationsThatCannotBeAreRefused(String text) {
    assertThatThrownBy(() -> Values.duration(text))
        .isInstanceOf(CommandLine.TypeConversionException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({"0s,0", "1h30m,5400000", "0.5s,500", "106751d,9223286400000"})
  void durationsAreReadToTheMillisecond(String text, long millis) {
    assertThat(Values.duration(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1m..1s", "1s..", "..1s", "1s..1m..2m", "1s...1m"})
  void aBackoffIsOneDurationOrTwoInOrder(String text) {
    assertThatThrownBy(() -> Values.backoff(text))
        .isInstanceOf(CommandLine.TypeConversionException.class);
  }

  @Test
  void valuesAsPeopleWriteThem() {
    assertThat(Values.Size.parse("64k").bytes()).isEqualTo(65_536);
    assertThat(Values.Size.parse("1MiB").bytes()).isEqualTo(1 << 20);
    assertThat(Values.backoff("1s..1m").max()).isEqualTo(Duration.ofMinutes(1));
    assertThat(Values.backoff("2s").min()).isEqualTo(Duration.ofSeconds(2));
    assertThatThrownBy(() -> Values.Size.parse("lots")).hasMessageContaining("lots");
  }
}
