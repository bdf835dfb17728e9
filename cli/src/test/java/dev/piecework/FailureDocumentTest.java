package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What docs/failure.md says of a fault is held by the test that it names: which has to be there.
 */
final class FailureDocumentTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+(?:Test|IT))\\.(\\w+)`");

  @Test
  void everyTestThatItNamesIsThere() throws IOException {
    String text = Files.readString(ROOT.resolve("docs/failure.md"));
    List<MatchResult> named = TEST.matcher(text).results().toList();
    assertThat(named).hasSizeGreaterThan(20);
    for (MatchResult test : named) {
      assertThat(source(test.group(1))).as(test.group()).contains("void " + test.group(2) + "(");
    }
  }

  private static String source(String name) throws IOException {
    try (Stream<Path> files =
        Files.find(
            ROOT,
            12,
            (path, is) ->
                path.endsWith(name + ".java") && path.toString().contains("/src/test/"))) {
      return Files.readString(files.findFirst().orElseThrow(() -> new AssertionError(name)));
    }
  }
}
