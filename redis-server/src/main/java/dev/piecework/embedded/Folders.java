package dev.piecework.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Whole folders. */
final class Folders {
  private static final int TRIES = 200;

  private Folders() {}

  /**
   * Removes it, if need be again: what a server forked to rewrite its file may write there for a
   * moment after the server was killed. What cannot be removed stays.
   */
  static void remove(Path folder) {
    for (int i = 0; i < TRIES && !removed(folder); i++) {
      Pause.briefly();
    }
  }

  private static boolean removed(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
      return true;
    } catch (NoSuchFileException e) {
      return Files.notExists(folder);
    } catch (IOException | java.io.UncheckedIOException e) {
      return false;
    }
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }
}
