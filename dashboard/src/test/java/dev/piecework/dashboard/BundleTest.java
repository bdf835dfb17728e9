package dev.piecework.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleTest {

  private static final Pattern DECLARED = Pattern.compile("(?m)^const (\\$\\w+) = \\(\\(\\) =>");
  private static final Pattern USED = Pattern.compile("(?m)^const .* = (\\$\\w+)(?:\\.default)?;$");

  @ParameterizedTest
  @ValueSource(strings = {"app.js", "report.js"})
  void eachModuleIsThereOnceBeforeThoseThatNeedIt(String entry) {
    String bundle = Bundle.of(entry);

    List<String> declared =
        DECLARED.matcher(bundle).results().map(found -> found.group(1)).toList();
    assertThat(declared).doesNotHaveDuplicates().contains("$dom_js", "$uPlot_esm_js");
    assertThat(USED.matcher(bundle).results())
        .isNotEmpty()
        .allSatisfy(use -> {
          int declaration = bundle.indexOf("const " + use.group(1) + " = (() =>");
          assertThat(declaration).as(use.group()).isBetween(0, use.start());
        });
    assertThat(Pattern.compile("(?m)^(?:import|export)\\b.*").matcher(bundle).results())
        .map(MatchResult::group)
        .isEmpty();
  }

  @Test
  void thePageAsksForOneScript() {
    String page = new String(Assets.read("index.html").orElseThrow(), StandardCharsets.UTF_8);

    assertThat(page).containsOnlyOnce("<script").contains("src=\"assets/page.js\"");
    assertThat(new String(Assets.read("page.js").orElseThrow(), StandardCharsets.UTF_8))
        .isEqualTo(Bundle.of("app.js"));
  }
}
