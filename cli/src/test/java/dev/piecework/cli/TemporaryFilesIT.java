package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Temporary files go where the caller wants them. */
final class TemporaryFilesIT {

  private static final String SHOW = "-XshowSettings:properties";

  @RegisterExtension final Piecework piecework = new Piecework();

  @Test
  void goToTmpdir() throws Exception {
    Path folder = Files.createDirectory(piecework.file("a place"));
    piecework.with("PIECEWORK_JAVA_OPTS", SHOW).with("TMPDIR", folder.toString());
    assertThat(piecework.run("--version").expect(0).err())
        .contains("java.io.tmpdir = " + folder + "\n");
  }

  @Test
  void aTmpdirThatIsNotThereIsNotUsed() throws Exception {
    piecework.with("PIECEWORK_JAVA_OPTS", SHOW).with("TMPDIR", piecework.file("gone").toString());
    assertThat(piecework.run("--version").expect(0).err()).contains("java.io.tmpdir = /tmp\n");
  }
}
