package dev.piecework.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GuardTest {

  /** POSIX promises whole seconds to {@code sleep}, and no more. */
  @ParameterizedTest
  @CsvSource({"PT10S,10", "PT0.1S,0.1", "PT1.05S,1.05", "PT0.001S,0.001", "PT0S,0", "PT1H,3600"})
  void wholeSecondsHaveNoFraction(Duration idle, String seconds) {
    assertThat(Guard.seconds(idle)).isEqualTo(seconds);
  }
}
