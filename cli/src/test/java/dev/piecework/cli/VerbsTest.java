package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.cli.verb.Nearest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A verb or an option that was mistyped is recognized. */
class VerbsTest {

  @Test
  void theNearestSpelling() {
    assertThat(Nearest.of("stauts", Verbs.words())).contains("status");
    assertThat(Nearest.of("resul", Verbs.words())).contains("results");
    assertThat(Nearest.of("xyzzy", Verbs.words())).isEmpty();
    assertThat(Nearest.of("--lease", List.of("--losses", "--grace", "--lease-timeout")))
        .contains("--lease-timeout");
    assertThat(Nearest.of("--form", List.of("--from", "--format", "--fresh"))).contains("--from");
  }

  /** Guards against: a single % in it, of which picocli warns above the help. */
  @ParameterizedTest
  @EnumSource
  void thereIsNothingToWarnOfInItsHelp(Verbs verb) {
    PrintStream before = System.err;
    ByteArrayOutputStream warnings = new ByteArrayOutputStream();
    System.setErr(new PrintStream(warnings, true, StandardCharsets.UTF_8));
    try {
      assertThat(verb.parser(verb.make()).getUsageMessage()).contains("--help");
    } finally {
      System.setErr(before);
    }
    assertThat(warnings.toString(StandardCharsets.UTF_8)).isEmpty();
  }
}
