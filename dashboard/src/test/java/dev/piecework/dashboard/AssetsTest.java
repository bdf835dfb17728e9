package dev.piecework.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AssetsTest {

  private static final Pattern IMPORTED = Pattern.compile("(?m)^import\\b.*?\"\\./([^\"]+)\"");
  private static final Pattern NAMED =
      Pattern.compile(
          "<(?:link rel=\"modulepreload\" href|script type=\"module\" src)=\"assets/([^\"]+)\"");

  /** Or a browser learns of each only when it has read the one that needs it, one after another. */
  @Test
  void thePageNamesEachScriptThatItNeeds() {
    Set<String> needed = new TreeSet<>();
    collect("app.js", needed);

    assertThat(NAMED.matcher(text("index.html")).results().map(AssetsTest::name))
        .containsExactlyInAnyOrderElementsOf(needed);
  }

  private static void collect(String name, Set<String> all) {
    if (all.add(name)) {
      IMPORTED.matcher(text(name)).results().forEach(found -> collect(name(found), all));
    }
  }

  private static String name(MatchResult found) {
    return found.group(1);
  }

  private static String text(String name) {
    return new String(Assets.read(name).orElseThrow(), StandardCharsets.UTF_8);
  }
}
