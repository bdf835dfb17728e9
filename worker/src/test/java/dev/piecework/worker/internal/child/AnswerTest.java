package dev.piecework.worker.internal.child;

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
        "{\"result\":\"1\"}",
        "{\"id\":null,\"result\":\"1\"}",
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
        "{\"id\":\"1\",\"result\":NaN",
        "{\"id\":\"1\",\"result\":[{]}",
        "{\"id\":\"1\",\"result\":[1}",
        "{\"id\":\"1\",\"id\":\"2\",\"result\":1}",
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"1\"}",
        "{\"id\":1}",
        "\ufeff{\"id\":\"1\"}\r",
        "{\"id\":\"1\",\"result\":null}",
        "{\"id\":\"1\",\"resultBase64\":null}",
        "{\"id\":\"1\",\"error\":null}",
        "{\"id\":\"1\",\"bury\":null}",
        "{\"id\":\"1\",\"error\":false,\"bury\":false}",
        "{\"id\":\"1\",\"error\":null,\"ms\":12}",
        "{\"id\":\"1\",\"id\":\"1\",\"result\":null}",
      })
  void anIdWithNothingAgainstItIsDoneWithoutAResult(String line) {
    Answer answer = parse(line).orElseThrow();
    assertThat(answer.id()).isEqualTo("1");
    assertThat(answer.kind()).isEqualTo(Answer.Kind.RESULT);
    assertThat(answer.value()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"1\",\"level\":\"info\",\"msg\":\"begun\"}",
        "{\"id\":\"1\",\"eror\":\"boom\"}",
        "{\"id\":\"1\",\"attempt\":1,\"payload\":\"12\"}",
      })
  void anObjectWithAnIdThatSaysNothingOfAnEndIsNotDone(String line) {
    Answer answer = parse(line).orElseThrow();
    assertThat(answer.kind()).isEqualTo(Answer.Kind.ERROR);
    assertThat(new String(answer.value(), UTF_8)).contains("none of result, error and bury");
  }

  @Test
  void aNullTakesNothingBack() {
    assertError("{\"id\":\"1\",\"error\":\"e\",\"error\":null}", "e");
    assertValue("{\"id\":\"1\",\"resultBase64\":\"AGE=\",\"result\":null}", "\0a");
    assertValue("{\"id\":null,\"id\":\"1\",\"result\":\"r\"}", "r");
  }

  @Test
  void onlyNullAndFalseAreNoError() {
    assertError("{\"id\":\"1\",\"error\":\"\"}", "");
    assertError("{\"id\":\"1\",\"error\":\"false\"}", "false");
    assertError("{\"id\":\"1\",\"error\":{\"code\":7}}", "{\"code\":7}");
    assertError("{\"id\":\"1\",\"error\":0}", "0");
  }

  @Test
  void brokenBase64IsAnErrorAndItsLineBreaksAreNone() {
    assertThat(parse("{\"id\":\"1\",\"resultBase64\":\"?\"}").orElseThrow().kind())
        .isEqualTo(Answer.Kind.ERROR);
    assertValue("{\"id\":\"1\",\"resultBase64\":\"AG\\nE=\\n\"}", "\0a");
  }

  @Test
  void whatPythonWritesOfOddNumbersIsKeptAsItsText() {
    assertValue("{\"id\":\"1\",\"result\":NaN}", "NaN");
    assertValue("{\"id\":\"1\",\"result\":[1, -Infinity]}", "[1, -Infinity]");
    String digits = "7".repeat(5_000);
    assertValue("{\"id\":\"1\",\"result\":" + digits + "}", digits);
  }

  @Test
  void nestingMayBeDeepButHasAnEnd() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertValue("{\"id\":\"1\",\"result\":" + deep + "}", deep);
    assertThat(parse("{\"id\":\"1\",\"result\":" + "[".repeat(100_000))).isEmpty();
  }

  private static void assertError(String line, String reason) {
    Answer answer = parse(line).orElseThrow();
    assertThat(answer.kind()).isEqualTo(Answer.Kind.ERROR);
    assertThat(answer.value()).isEqualTo(reason.getBytes(UTF_8));
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
