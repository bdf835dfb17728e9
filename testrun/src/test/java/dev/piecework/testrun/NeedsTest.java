package dev.piecework.testrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;

/** A test whose tool is missing is skipped by name, and in the CI fails. */
final class NeedsTest {

  @TempDir private Path folder;
  private Tools tools = new Tools("");

  @Needs({"ps", "podman", "htpasswd"})
  private static final class NeedsThree {}

  @Needs("ps")
  private static final class NeedsOne {}

  private static final class NeedsNothing {}

  @Needs("a typing mistake")
  private static final class NeedsAnUnknownOne {}

  @BeforeEach
  void prepare() throws IOException {
    Files.createFile(
        folder.resolve("ps"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Files.createFile(folder.resolve("podman")); // that cannot be run
    tools = new Tools("/nowhere::" + folder);
  }

  @Test
  void whatIsMissingIsNamedWithItsPackage() {
    ConditionEvaluationResult result = evaluate(NeedsThree.class, true);
    assertThat(result.isDisabled()).isTrue();
    assertThat(result.getReason())
        .contains("missing here: podman (Debian: podman), htpasswd (Debian: apache2-utils)");
  }

  @Test
  void nothingIsSkippedWhereAllIsHere() {
    assertThat(evaluate(NeedsOne.class, true).isDisabled()).isFalse();
    assertThat(evaluate(NeedsNothing.class, false).isDisabled()).isFalse();
  }

  @Test
  void theCiSkipsNothing() {
    assertThatThrownBy(() -> evaluate(NeedsThree.class, false))
        .hasMessage(
            "missing here: podman (Debian: podman), htpasswd (Debian: apache2-utils); with CI=true"
                + " nothing is skipped: install it");
  }

  @Test
  void aToolThatIsNotListedIsAMistakeOfTheTest() {
    assertThatThrownBy(() -> evaluate(NeedsAnUnknownOne.class, true))
        .hasMessageStartingWith("@Needs(\"a typing mistake\") is not in tools.txt, which has [");
  }

  @Test
  void aProbeIsAsked() {
    assertThat(new Tools("").has("faketime")).isFalse();
  }

  private ConditionEvaluationResult evaluate(AnnotatedElement element, boolean mayBeMissing) {
    ExtensionContext context =
        (ExtensionContext)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ExtensionContext.class},
                (proxy, method, arguments) -> Optional.of(element));
    return new NeedsCondition(tools, mayBeMissing).evaluateExecutionCondition(context);
  }
}
