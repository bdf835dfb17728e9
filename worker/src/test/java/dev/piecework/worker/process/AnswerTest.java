package dev.piecework.worker.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "null",
        "[]",
        "{\"id\":\"1\"}",
        "{\"result\":\"1\"}",
        "{\"id\":null,\"result\":\"1\"}",
        "{\"id\":\"1\",\"error\":null}",
        "{\"id\":\"1\",\"result\":\"x\"",
        "{\"id\":\"1\",\"result\":\"x\"}}",
        "{\"id\":\"1\",\"result\":\"x\",}",
        "{\"id\":\"1\",\"result\":'x'}",
        "{\"id\":\"1\",\"result\":tru}",
        "{\"id\":\"1\",\"result\":01}",
        "{\"id\":\"1\",\"result\":1.}",
        "{\"id\":\"1\",\"result\":\"\\x\"}",
        "{\"id\":\"1\",\"result\":\"\\u12\"}",
        "{\"id\":\"1\",\"result\":\"a\tb\"}",
        "{\"id\":\"1\",\"result\":[1,]}",
        "{\"id\":\"1\",\"resultBase64\":\"?\"}",
      })
  void whatIsNotAnAnswerIsNone(String line) {
    assertThat(parse(line)).isEmpty();
  }

  @Test
  void valuesAreTakenAsTheyAre() {
    assertValue("{\"id\":\"1\",\"result\":\"a\\u00fc\\ud83d\\ude00\\n\\/\\\"\"}", "aü😀\n/\"");
    assertValue(" { \"id\" : 1 , \"result\" : -1.5e+3 } \r", "-1.5e+3");
    assertValue("{\"x\":{\"y\":[[],{}]},\"id\":\"1\",\"result\":[true, null]}", "[true, null]");
    assertValue("{\"id\":\"1\",\"resultBase64\":\"AGE=\"}", "\0a");
    assertThat(parse("{\"id\":\"1\",\"result\":null}").orElseThrow().value()).isNull();
  }

  @Test
  void anErrorWinsOverAResult() {
    assertThat(parse("{\"id\":\"1\",\"error\":\"e\",\"result\":\"r\"}").orElseThrow().kind())
        .isEqualTo(Answer.Kind.ERROR);
    assertThat(parse("{\"id\":\"1\",\"error\":null,\"result\":\"r\"}").orElseThrow().kind())
        .isEqualTo(Answer.Kind.RESULT);
  }

  @Test
  void nestingHasAnEnd() {
    assertThat(parse("{\"id\":\"1\",\"result\":" + "[".repeat(100_000))).isEmpty();
  }

  private static void assertValue(String line, String value) {
    Answer answer = parse(line).orElseThrow();
    assertThat(answer.id()).isEqualTo("1");
    assertThat(answer.value()).isEqualTo(value.getBytes(UTF_8));
  }

  private static Optional<Answer> parse(String line) {
    byte[] bytes = line.getBytes(UTF_8);
    return Answer.parse(bytes, 0, bytes.length);
  }
}
