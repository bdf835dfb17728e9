package dev.piecework.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MainTest {

  /** Longer than what is shown of a word. */
  private static final String SECRET = "0123456789abcdef".repeat(40);

  private static String complaintOf(String... words) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayOutputStream(),
            new PrintStream(said, true, UTF_8),
            Map.of(),
            false,
            false);
    assertThat(Main.run(terminal, words)).isEqualTo(ExitCode.USAGE);
    return said.toString(UTF_8);
  }

  @Test
  void ofAPasswordTooLongToBeShownNotEvenABeginningIsShown() {
    String url = "rediss://:" + SECRET + "@host";
    for (String[] words :
        new String[][] {
          {"status", "q", url},
          {url, "status"},
          {"status", "q", "--redi" + url},
          {"status", "q", "--redis-timeout", url},
          {"items", "q", "--state", url},
          {"set", "q", url},
          {"work", "q", "--slots", url, "--", "true"},
          {"run", "--from", "nowhere/" + url, "--", "true"},
        }) {
      assertThat(complaintOf(words)).contains("***").doesNotContain(SECRET.substring(0, 4));
    }
  }
}
