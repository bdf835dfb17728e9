package dev.piecework.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.bag.BuryItemException;
import dev.piecework.bag.RetryItemException;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What a method may take and answer. */
class HandlerMethodTest {

  record Image(String path, int width) {}

  @SuppressWarnings("DoNotCallSuggester") // that is what they are there for
  static final class Handlers {
    Outcome attempt(Attempt attempt) {
      return Outcome.bury(attempt.id());
    }

    Image record(Image image) {
      return new Image("t" + image.path(), image.width() / 2);
    }

    int both(List<Integer> numbers, Attempt attempt) {
      return numbers.size() + attempt.number();
    }

    String text(String text) {
      return text + "!";
    }

    void nothing(byte[] bytes) {}

    @Nullable String answersNull(String text) {
      return null;
    }

    void buries(String text) throws Exception {
      throw new BuryItemException(text);
    }

    void retries(String text) throws Exception {
      throw new RetryItemException(text, Duration.ofMinutes(1));
    }

    void throwsIt(String text) {
      throw new IllegalArgumentException(text);
    }

    void wrong(String text, String more) {}
  }

  private static Outcome call(String method, String payload) throws Exception {
    return handler(method).handle(new Attempt("7", payload.getBytes(UTF_8), 1, 1));
  }

  private static HandlerMethod handler(String name) {
    Method method =
        Arrays.stream(Handlers.class.getDeclaredMethods())
            .filter(each -> each.getName().equals(name))
            .findFirst()
            .orElseThrow();
    return new HandlerMethod(new Handlers(), method, JsonMapper.shared());
  }

  private static String result(Outcome outcome) {
    byte[] result = ((Outcome.Done) outcome).result();
    return result == null ? "none" : new String(result, UTF_8);
  }

  @Test
  void itTakesAndAnswersObjects() throws Exception {
    assertThat(call("attempt", "x")).isEqualTo(Outcome.bury("7"));
    assertThat(result(call("record", "{\"path\":\"a\",\"width\":4}")))
        .isEqualTo("{\"path\":\"ta\",\"width\":2}");
    assertThat(result(call("both", "[1,2,3]"))).isEqualTo("4");
    assertThat(result(call("text", "hey"))).isEqualTo("hey!");
    assertThat(result(call("nothing", "x"))).isEqualTo("none");
    assertThat(result(call("answersNull", "x"))).isEqualTo("none");
  }

  @Test
  void whatItThrowsSaysWhatHappensNext() throws Exception {
    assertThat(call("buries", "no")).isEqualTo(Outcome.bury("no"));
    assertThat(call("retries", "later"))
        .isEqualTo(new Outcome.Retry("later", Optional.of(Duration.ofMinutes(1))));
    assertThatThrownBy(() -> call("throwsIt", "bad"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bad");
    assertThat(call("record", "no json"))
        .isInstanceOfSatisfying(
            Outcome.Bury.class, bury -> assertThat(bury.reason()).contains("cannot be decoded"));
    assertThatThrownBy(() -> handler("wrong"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("wrong");
  }
}
