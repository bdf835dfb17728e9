package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.cli.verb.Nearest;
import java.util.List;
import org.junit.jupiter.api.Test;

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
}
