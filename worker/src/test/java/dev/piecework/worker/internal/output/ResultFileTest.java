package dev.piecework.worker.internal.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {
  @TempDir Path folder;

  /** On a file system that says that nothing is left. */
  private static final class SaysNothingIsLeft extends File {
    private static final long serialVersionUID = 1;

    SaysNothingIsLeft(Path path) {
      super(path.toString());
    }

    @Override
    public long getUsableSpace() {
      return 0;
    }
  }

  @Test
  void aFileSystemThatDoesNotTellWhatIsLeftIsAskedByWriting() throws Exception {
    Path file = Files.writeString(folder.resolve("1.r"), "whole");
    assertThat(ResultFile.read(new SaysNothingIsLeft(file), 5)).isEqualTo("whole".getBytes(UTF_8));
    assertThat(folder).isDirectoryContaining(file::equals);
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void whereNothingCanBeWrittenAResultMayHaveBeenCut() throws Exception {
    Path file = Files.writeString(folder.resolve("1.r"), "who");
    // In the way of what is tried: as little can be written as on one that is full.
    Path room = Files.createDirectory(folder.resolve("1.r.room"));
    Files.writeString(room.resolve("x"), "");
    assertThatThrownBy(() -> ResultFile.read(new SaysNothingIsLeft(file), 3))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no space left");
  }
}
