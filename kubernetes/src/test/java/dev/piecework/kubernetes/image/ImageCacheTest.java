package dev.piecework.kubernetes.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What builds that share a cache do to one another. */
final class ImageCacheTest {

  private static final Cleaner CLEANER = Cleaner.create();

  @TempDir Path folder;

  /** A build takes long enough for many collections. */
  @Test
  void aBuildThatStartsLeavesTheFolderOfOneThatRunsThoughGarbageWasCollected() throws IOException {
    try (ImageCache.Scratch scratch = new ImageCache(folder).scratch()) {
      for (int i = 0; i < 3; i++) {
        collectGarbage();
      }

      ImageCache _ = new ImageCache(folder);

      assertThat(scratch.folder()).isDirectory();
    }
  }

  @Test
  void whatAKilledBuildHasLeftIsRemoved() throws IOException {
    Path left = Files.createDirectory(folder.resolve("build-1"));
    Files.createFile(left.resolve("lock"));

    ImageCache _ = new ImageCache(folder);

    assertThat(left).doesNotExist();
  }

  /** Until what nobody refers to has been closed. */
  private static void collectGarbage() {
    AtomicBoolean cleaned = new AtomicBoolean();
    Cleaner.Cleanable _ = CLEANER.register(new Object(), () -> cleaned.set(true));
    await()
        .until(() -> {
          System.gc();
          return cleaned.get();
        });
  }
}
