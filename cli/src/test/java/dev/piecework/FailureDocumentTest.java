package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What docs/failure.md says of a fault is held by the tests that it names: they are there, {@code
 * ./check} runs them, and under the {@code appendfsync} of which the row speaks. That the faults of
 * the campaign are those it names is held by the campaign itself.
 */
@Tag("slow")
final class FailureDocumentTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+(?:Test|IT))\\.(\\w+)`");
  private static final Pattern DURABILITY = Pattern.compile("`appendfsync (\\w+)`");
  private static final Pattern CAMPAIGN = Pattern.compile("(?<!by the )campaign(: \\*.+\\*)?$");

  /** One line of the table. */
  private record Row(String fault, String heldBy) {

    List<MatchResult> tests() {
      return TEST.matcher(heldBy).results().toList();
    }
  }

  private static String document() throws IOException {
    return Files.readString(ROOT.resolve("docs/failure.md"));
  }

  private static List<Row> rows() throws IOException {
    String table = document().split("\\| fault \\| it costs \\| held by \\|\n", 2)[1];
    return table
        .lines()
        .takeWhile(line -> line.startsWith("|"))
        .skip(1) // the line under the head
        .map(line -> line.split("\\|", -1))
        .map(cells -> new Row(cells[1].strip(), cells[3].strip()))
        .toList();
  }

  @Test
  void theCheckRunsEveryTestThatItNames() throws IOException {
    List<MatchResult> named = TEST.matcher(document()).results().toList();
    assertThat(named).hasSizeGreaterThan(20);
    for (MatchResult test : named) {
      DeclaredTest declared = DeclaredTest.find(ROOT, test.group(1), test.group(2));
      assertThat(declared.whyNotRun()).as("%s is run by ./check", test.group()).isEmpty();
    }
  }

  @Test
  void eachRowIsHeldBySomething() throws IOException {
    assertThat(rows()).hasSizeGreaterThan(25);
    assertThat(rows())
        .allSatisfy(row ->
            assertThat(!row.tests().isEmpty() || row.heldBy().matches("campaign: .+|not held: .+"))
                .as("a test, or why there is none: %s", row)
                .isTrue());
  }

  @Test
  void theTestsOfARowRunUnderTheDurabilityOfWhichItSpeaks() throws IOException {
    List<Row> speaking = rows().stream().filter(r -> DURABILITY.matcher(r.fault()).find()).toList();
    assertThat(speaking).hasSizeGreaterThanOrEqualTo(2);
    for (Row row : speaking) {
      String durability =
          DURABILITY.matcher(row.fault()).results().findFirst().orElseThrow().group(1);
      for (MatchResult test : row.tests()) {
        DeclaredTest declared = DeclaredTest.find(ROOT, test.group(1), test.group(2));
        assertThat(declared.appendfsync())
            .as("%s says in its @RedisPerTest(own = true, appendfsync = ...)", test.group())
            .contains(durability);
      }
      assertThat(row.heldBy()).contains("*Redis killed, appendfsync " + durability + "*");
    }
  }

  @Test
  void whereItNamesTheCampaignItSaysWhichOfItsFaults() throws IOException {
    for (Row row : rows()) {
      CAMPAIGN
          .matcher(row.heldBy())
          .results()
          .forEach(named -> assertThat(named.group(1)).as("faults in %s", row).isNotNull());
    }
  }

  @Test
  void aTestThatIsNotAlwaysRunOrRunsUnderAnotherDurabilityIsFound() throws IOException {
    Path module = ROOT.resolve("queue");
    String head = "@RedisPerTest(own = true, appendfsync = \"everysec\") class ATest { ";
    DeclaredTest ofItsClass =
        DeclaredTest.parse(module, head + "@Test void a() {} }", "ATest", "a");
    assertThat(ofItsClass.whyNotRun()).isEmpty();
    assertThat(ofItsClass.appendfsync()).contains("everysec");
    DeclaredTest ofItsMethod =
        DeclaredTest.parse(
            module, head + "@Test @RedisPerTest(own = true) void a() {} }", "ATest", "a");
    assertThat(ofItsMethod.appendfsync()).as("not declared").isEmpty();
    for (String condition : List.of("@Disabled", "@EnabledIf(\"b\")")) {
      String source = condition + " class ATest { @Test void a() {} }";
      assertThat(DeclaredTest.parse(module, source, "ATest", "a").whyNotRun()).isPresent();
      source = "class ATest { @Test " + condition + " void a() {} }";
      assertThat(DeclaredTest.parse(module, source, "ATest", "a").whyNotRun()).isPresent();
    }
    String tagged = "@Tag(\"slow\") class ATest { @Test void a() {} }";
    assertThat(DeclaredTest.parse(module, tagged, "ATest", "a").whyNotRun())
        .as("only --quick leaves it out")
        .isEmpty();
    String noTest = "class ATest { void a() {} }";
    assertThat(DeclaredTest.parse(module, noTest, "ATest", "a").whyNotRun()).isPresent();
    String blackBox = "class AnIT { @Test void a() {} }";
    assertThat(DeclaredTest.parse(module, blackBox, "AnIT", "a").whyNotRun())
        .as("the queue's module has no black-box tests")
        .isPresent();
    assertThatThrownBy(() -> DeclaredTest.parse(module, noTest, "ATest", "gone"))
        .hasMessageContaining("ATest.gone");
    assertThatThrownBy(() -> DeclaredTest.find(ROOT, "GoneTest", "a"))
        .hasMessageContaining("GoneTest");
  }
}
