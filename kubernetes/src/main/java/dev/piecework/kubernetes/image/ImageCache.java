package dev.piecework.kubernetes.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  private static final String BUILD = "build-";
  private static final String LOCK = "lock";

  private final Path folder;

  ImageCache(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    removeAbandoned();
  }

  /** What builds that were killed have left: nobody holds its lock. */
  private void removeAbandoned() throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, BUILD + "*")) {
      for (Path scratch : found) {
        if (isAbandoned(scratch)) {
          FileTree.remove(scratch);
        }
      }
    }
  }

  private static boolean isAbandoned(Path scratch) {
    try (FileChannel channel = FileChannel.open(scratch.resolve(LOCK), StandardOpenOption.WRITE);
        @Nullable FileLock held = channel.tryLock()) {
      return held != null;
    } catch (IOException | OverlappingFileLockException inUse) {
      return false;
    }
  }

  /** Where Jib keeps layers. */
  Path layers() {
    return folder.resolve("layers");
  }

  /**
   * A folder of one build alone, gone when it is closed.
   *
   * @param lock tells other builds that it is in use; a channel that nobody refers to is closed
   *     with the next collection of garbage, and its lock is free then
   */
  record Scratch(Path folder, FileChannel lock) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      FileTree.remove(folder);
      lock.close();
    }
  }

  /** A new folder for this build. */
  Scratch scratch() throws IOException {
    // Under another name until its lock is held, or a build that starts now would remove it.
    Path unlocked = Files.createTempDirectory(folder, ".new-");
    FileChannel lock =
        FileChannel.open(
            unlocked.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    lock.lock();
    String name = BUILD + unlocked.getFileName().toString().substring(".new-".length());
    Path locked = Files.move(unlocked, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    return new Scratch(locked, lock);
  }

  /** Removes all parts of a kind but the newest, as each version of Piecework makes a new one. */
  void keepNewest(String kind, int most) throws IOException {
    record Aged(Path part, FileTime time) {}
    List<Aged> parts = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder.resolve(kind))) {
      for (Path part : found) {
        parts.add(new Aged(part, Files.getLastModifiedTime(part)));
      }
    }
    parts.sort(Comparator.comparing(Aged::time).reversed());
    parts.stream().skip(most).forEach(aged -> FileTree.remove(aged.part()));
  }

  /** The part of this name, made if it is not there: it appears whole or not at all. */
  Path part(String name, Maker maker) throws IOException, InterruptedException {
    Path part = folder.resolve(name);
    if (Files.exists(part)) {
      return part;
    }
    try (Scratch scratch = scratch()) {
      Path made = scratch.folder().resolve("made");
      maker.make(made);
      Files.createDirectories(part.getParent());
      Files.move(made, part, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException raced) {
      // Another build made the same folder meanwhile.
      if (!Files.exists(part)) {
        throw raced;
      }
    }
    return part;
  }
}
