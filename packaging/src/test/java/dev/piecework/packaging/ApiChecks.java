package dev.piecework.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The API of the libraries is that of the version that was tagged last, or UPGRADING.md names the
 * class. Run by {@code ./check --release}, which names the bundles of both.
 */
class ApiChecks {

  @Test
  void eachBreakIsInTheGuideForUpgrades(@TempDir Path folder) throws Exception {
    MavenBundle before = bundle("piecework.before", folder.resolve("before"));
    MavenBundle after = bundle("piecework.bundle", folder.resolve("after"));
    String guide = Files.readString(Path.of("../UPGRADING.md"));

    for (String artifact : before.libraries()) {
      assertThat(after.libraries()).as("libraries that are still there").contains(artifact);
      ApiComparison.breaks(before.jar(artifact), after.jar(artifact))
          .forEach((type, how) ->
              assertThat(guide)
                  .as("%s of %s (%s)", type, artifact, how)
                  .contains("`" + type.substring(type.lastIndexOf('.') + 1)));
    }
  }

  private static MavenBundle bundle(String property, Path folder) throws Exception {
    return MavenBundle.unpacked(Path.of(System.getProperty(property)), folder);
  }
}
