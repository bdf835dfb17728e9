package dev.piecework.drill.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.WorkQueue;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionStoryTest {

  /** What is given for each item has no names in the records of a drill, so it is counted. */
  @ParameterizedTest
  @CsvSource({"retry," + SessionStory.RETRIED, "bury," + SessionStory.BURIED})
  void theArgumentsOfAnItemAreAsManyAsTheScriptTakes(String script, int many) throws IOException {
    String resource = "internal/redis/" + script + ".lua";
    try (InputStream text = WorkQueue.class.getResourceAsStream(resource)) {
      String source = new String(Objects.requireNonNull(text).readAllBytes(), UTF_8);
      Matcher names = Pattern.compile("(?m)^-- ARGV: .*\\.\\.\\.(\\S+)$").matcher(source);
      assertThat(names.find()).isTrue();
      assertThat(names.group(1).split("_", -1)).hasSize(many).startsWith("id");
    }
  }
}
