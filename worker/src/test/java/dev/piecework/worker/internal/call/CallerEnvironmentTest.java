package dev.piecework.worker.internal.call;

import static dev.piecework.worker.process.CommandTrial.bytes;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallerEnvironmentTest {

  @AfterEach
  void forget() {
    System.clearProperty(CallerEnvironment.LOCALE);
  }

  @ParameterizedTest
  @CsvSource({
    "LC_ALL=C, LC_ALL=C.UTF-8, A=1 LC_ALL=C",
    "LC_CTYPE=, LC_CTYPE=C.UTF-8, A=1 LC_CTYPE=",
    "LC_CTYPE, LC_CTYPE=C.UTF-8, A=1",
    "'', LC_CTYPE=C.UTF-8, A=1 LC_CTYPE=C.UTF-8",
  })
  void theLocaleIsAgainWhatItWasBeforeTheLauncherChangedIt(
      String was, String now, String expected) {
    System.setProperty(CallerEnvironment.LOCALE, was);

    List<byte[]> all =
        CallerEnvironment.from(bytes("PIECEWORK_ID=outer", "A=1", now), List.of("PIECEWORK_ID"));

    assertThat(all.stream().map(one -> new String(one, ISO_8859_1)))
        .containsExactly(expected.split(" "));
  }
}
