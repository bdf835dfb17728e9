package dev.piecework.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each Java example prints what the comment at its end says. */
@RedisPerTest
class JavaExamplesTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/piecework/examples");
  private static final Pattern OUTPUT =
      Pattern.compile("/\\* Output(, in any order)?:\\n(.*?)\\n\\*/", Pattern.DOTALL);

  static Stream<String> examples() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files
          .map(file -> file.getFileName().toString().replace(".java", ""))
          .filter(name -> !name.equals("package-info"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void printsWhatItSays(String name, TestRedis redis) throws Exception {
    Matcher output = OUTPUT.matcher(Files.readString(SOURCES.resolve(name + ".java")));
    assertThat(output.find()).as("a comment /* Output: ... */ at its end").isTrue();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, true, UTF_8));
    try {
      Class.forName("dev.piecework.examples." + name)
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {redis.uri()});
    } finally {
      System.setOut(before);
    }
    List<String> lines = printed.toString(UTF_8).lines().toList();
    List<String> said = output.group(2).lines().toList();
    if (output.group(1) == null) {
      assertThat(lines).isEqualTo(said);
    } else {
      assertThat(lines).containsExactlyInAnyOrderElementsOf(said);
    }
  }
}
