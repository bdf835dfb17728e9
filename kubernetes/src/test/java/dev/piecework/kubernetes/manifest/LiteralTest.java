package dev.piecework.kubernetes.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LiteralTest {

  @Test
  void aCommandMeansTheSameAsOnALaptop() {
    assertThat(Literal.of("echo $$ $(date) $1 ${x} $")).isEqualTo("echo $$$ $$(date) $1 ${x} $");
    assertThat(expanded(Literal.of("$(POD_NAME)"), Map.of("POD_NAME", "job2-x")))
        .isEqualTo("$(POD_NAME)");
  }

  @Test
  void whateverIsWrittenArrives() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(12);
      for (int j = 0; j < length; j++) {
        text.append("$$$()AB".charAt(random.nextInt(7)));
      }
      assertThat(expanded(Literal.of(text.toString()), Map.of("A", "x", "B", "y", "", "z")))
          .as("seed %s", seed)
          .isEqualTo(text.toString());
    }
  }

  /** As the kubelet does it; source: the API reference of Container, field {@code args}. */
  private static String expanded(String text, Map<String, String> variables) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
      int close = next == '(' ? text.indexOf(')', i) : -1;
      if (c == '$' && next == '$') {
        out.append('$');
        i += 2;
      } else if (c == '$' && close > 0) {
        String whole = text.substring(i, close + 1);
        out.append(variables.getOrDefault(text.substring(i + 2, close), whole));
        i = close + 1;
      } else {
        out.append(c);
        i++;
      }
    }
    return out.toString();
  }
}
