package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.cli.verb.TakesCommand;
import dev.piecework.cli.verb.Verb;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the guides to clusters and images say is typed, our command line takes: an option that gets
 * another name breaks the build. The cluster suite runs the same lines, with all that is around.
 */
final class GuideTest {

  @TempDir Path scratch;

  @ParameterizedTest
  @CsvSource({"kubernetes.md, 20", "images.md, 3"})
  void everyCommandLineIsOne(String page, int atLeast) throws Exception {
    List<List<String>> commands = Guide.of(page).commands(scratch);
    assertThat(commands).hasSizeGreaterThanOrEqualTo(atLeast);
    assertThat(commands).allSatisfy(GuideTest::assertTaken);
  }

  private static void assertTaken(List<String> words) {
    int named = Verbs.wordsIn(words);
    Verbs word = Verbs.named(String.join(" ", words.subList(0, named))).orElseThrow();
    Verb verb = word.make();
    int dashes = verb instanceof TakesCommand ? words.indexOf("--") : -1;
    List<String> ours = words.subList(named, dashes < 0 ? words.size() : dashes);
    word.parser(verb).parseArgs(ours.stream().map(GuideTest::aNumber).toArray(String[]::new));
  }

  /** Where the page has a name for a number. */
  private static String aNumber(String word) {
    return word.equals("N") ? "3" : word;
  }

  @Test
  void aBlockThatIsNotRunSaysWhy() throws Exception {
    assertThat(Guide.of("kubernetes.md").blocks())
        .hasSizeGreaterThan(12)
        .anySatisfy(block -> assertThat(block.notRun()).isEmpty())
        .allSatisfy(block ->
            assertThat(block.notRun().isPresent())
                .as(block.text())
                .isEqualTo(block.text().contains("kube image --to registry.")));
  }
}
