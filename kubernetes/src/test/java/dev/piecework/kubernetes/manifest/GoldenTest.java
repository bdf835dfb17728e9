package dev.piecework.kubernetes.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is printed, word for word: a change of it is a change for people who keep manifests in a
 * repository. To take what is printed now: {@code -Dpiecework.golden=write}; then read the diff.
 */
@Tag("slow")
final class GoldenTest {

  private static final Path FOLDER =
      Path.of("src/test/resources/dev/piecework/kubernetes/manifest");

  @ParameterizedTest
  @EnumSource
  void plain(Shape shape) throws IOException {
    holds(shape.word(), Plans.plain(shape));
  }

  @ParameterizedTest
  @EnumSource
  void full(Shape shape) throws IOException {
    holds(shape.word() + "-full", Plans.full(shape));
  }

  @Test
  void replicas() throws IOException {
    holds("pool-replicas", Plans.replicated(Plans.plain(Shape.POOL)));
  }

  @Test
  void shards() throws IOException {
    holds("pool-shards", Plans.sharded(Plans.plain(Shape.POOL)));
  }

  private static void holds(String name, Plan plan) throws IOException {
    Path file = FOLDER.resolve(name + ".yaml");
    String printed = ManifestText.yaml(Manifests.of(plan));
    if ("write".equals(System.getProperty("piecework.golden"))) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, printed);
    }
    assertThat(printed).isEqualTo(Files.readString(file));
  }
}
