package dev.piecework.testrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What ./check counts. */
@SuppressWarnings("DoNotCallSuggester") // samples that fail are the point
final class TestLogTest {

  @TempDir private Path folder;

  /** One class for each that its tests shall not be found but by the tests here. */
  static final class Sample {
    @Test
    void isRight() {}

    @Test
    void isWrong() {
      throw new IllegalStateException("two\tof\nthem");
    }

    @Test
    @Disabled("not today")
    void isDisabled() {}

    @Test
    void isNotForHere() {
      abort("no moon");
    }
  }

  @ParameterizedClass
  @ValueSource(strings = {"a", "b", "c"})
  record Thrice(String letter) {
    @Test
    void isRight() {}

    @Test
    void isNotFirst() {
      assertThat(letter).isNotEqualTo("a");
    }
  }

  static final class CannotBegin {
    @BeforeAll
    static void begin() {
      throw new IllegalStateException("no server");
    }

    @Test
    void neverRuns() {}
  }

  @Test
  void eachTestIsALine() throws IOException {
    assertThat(linesOf(Sample.class))
        .containsExactly(
            "queue|failed|Sample|isWrong|java.lang.IllegalStateException: two of them",
            "queue|passed|Sample|isRight|",
            "queue|skipped|Sample|isDisabled|not today",
            "queue|skipped|Sample|isNotForHere|" + "org.opentest4j.TestAbortedException: no moon");
  }

  @Test
  void aClassThatIsRunForEachParameterIsCountedEachTime() throws IOException {
    assertThat(linesOf(Thrice.class).stream().map(line -> line.substring(0, 13)))
        .containsExactly(
            "queue|failed|",
            "queue|passed|",
            "queue|passed|",
            "queue|passed|",
            "queue|passed|",
            "queue|passed|");
  }

  @Test
  void aClassThatCannotBeginHasFailed() throws IOException {
    assertThat(linesOf(CannotBegin.class))
        .containsExactly("queue|failed|CannotBegin||java.lang.IllegalStateException: no server");
  }

  /** The log's lines, sorted, without their times and the name of this class. */
  private List<String> linesOf(Class<?> tests) throws IOException {
    Path log = folder.resolve("tests");
    LauncherFactory.create(
            LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .addTestExecutionListeners(new TestLog(log.toString(), "queue"))
                .build())
        .execute(LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build());
    return Files.readAllLines(log).stream()
        .map(line ->
            line.replaceFirst("\\t\\d+\\t\\d+\\t", "\t")
                .replace(TestLogTest.class.getName() + "$", "")
                .replace('\t', '|'))
        .sorted()
        .toList();
  }
}
