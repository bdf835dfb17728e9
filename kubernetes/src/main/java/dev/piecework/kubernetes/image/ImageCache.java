package dev.piecework.kubernetes.image;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * What is kept between builds, each part under a name that says what it was made from: a part is
 * never changed, and may be removed at any time. Several builds may share it.
 */
final class ImageCache {

  /** Makes one part. */
  interface Maker {
    /**
     * @param place does not exist yet; a file or a folder is to be there
     */
    void make(Path place) throws IOException, InterruptedException;
  }

  private final Path folder;

  ImageCache(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /** Where Jib keeps layers. */
  Path layers() {
    return folder.resolve("layers");
  }

  /** A new folder for this build, to be removed by it. */
  Path scratch() throws IOException {
    return Files.createTempDirectory(folder, "build-");
  }

  /** The part of this name, made if it is not there: it appears whole or not at all. */
  Path part(String name, Maker maker) throws IOException, InterruptedException {
    Path part = folder.resolve(name);
    if (Files.exists(part)) {
      return part;
    }
    Path scratch = scratch();
    try {
      Path made = scratch.resolve("made");
      maker.make(made);
      Files.createDirectories(part.getParent());
      Files.move(made, part, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException raced) {
      // Another build made the same folder meanwhile.
      if (!Files.exists(part)) {
        throw raced;
      }
    } finally {
      FileTree.remove(scratch);
    }
    return part;
  }
}
