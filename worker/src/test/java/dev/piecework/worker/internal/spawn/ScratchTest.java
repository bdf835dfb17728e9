package dev.piecework.worker.internal.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is taken for a folder that a worker of ours has left, where anybody may make folders. */
@Timeout(120)
@Tag("process")
class ScratchTest {
  @TempDir Path base;
  private Path folder = Path.of("");

  @BeforeEach
  void abandon() throws Exception {
    folder = Files.createDirectory(base.resolve("piecework-cmd-x"));
    permit("rwx------");
    Files.createFile(folder.resolve("lock"));
  }

  private void permit(String who) throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(who));
  }

  @Test
  void aFolderOfOursWithoutAnOwnerIsAbandoned() {
    assertThat(Scratch.abandoned(folder)).isTrue();
  }

  @Test
  void aLockThatBlocksWhoeverOpensItIsNotOpened() throws Exception {
    Path lock = folder.resolve("lock");
    Files.delete(lock);
    assertThat(new ProcessBuilder("mkfifo", lock.toString()).start().waitFor()).isZero();
    assertThat(CompletableFuture.supplyAsync(() -> Scratch.abandoned(folder)))
        .succeedsWithin(Duration.ofSeconds(60))
        .isEqualTo(false);
  }

  @Test
  void aFolderIntoWhichOthersMayPutSomethingIsLeftAlone() throws Exception {
    permit("rwxrwx---");
    assertThat(Scratch.abandoned(folder)).isFalse();
  }

  @Test
  void aLinkInTheNameOfAFolderIsNotFollowed() throws Exception {
    Path link = Files.createSymbolicLink(base.resolve("piecework-cmd-y"), folder);
    assertThat(Scratch.abandoned(link)).isFalse();
  }

  @Test
  void aLinkInTheNameOfALockIsNotFollowed() throws Exception {
    Path lock = folder.resolve("lock");
    Files.move(lock, folder.resolve("other"));
    Files.createSymbolicLink(lock, folder.resolve("other"));
    assertThat(Scratch.abandoned(folder)).isFalse();
  }

  @Test
  void aFolderOfAnotherUserIsLeftAlone() throws Exception {
    try {
      Files.setAttribute(folder, "unix:uid", 65_534);
    } catch (FileSystemException notRoot) {
      Assumptions.abort("only root gives folders away");
    }
    assertThat(Scratch.abandoned(folder)).isFalse();
  }
}
