package dev.piecework.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file, folder or link as it goes into an archive: of its owner and mode only whether it can be
 * executed is kept, so that the same tree gives the same bytes wherever it is packed.
 *
 * @param file where it is here
 * @param name in the archive, with slashes
 */
record PackedFile(Path file, String name) {

  /** All that is below this folder, itself included, in the order of their names. */
  static List<PackedFile> below(Path folder, String name) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.map(file -> new PackedFile(file, named(folder.relativize(file), name)))
          .sorted((a, b) -> a.name.compareTo(b.name))
          .toList();
    }
  }

  private static String named(Path relative, String name) {
    String rest = relative.toString();
    return rest.isEmpty() ? name : name + "/" + rest;
  }

  boolean isLink() {
    return Files.isSymbolicLink(file);
  }

  boolean isFolder() {
    return Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
  }

  String target() throws IOException {
    return Files.readSymbolicLink(file).toString();
  }

  int mode() {
    if (isLink()) {
      return 0777;
    }
    return isFolder() || Files.isExecutable(file) ? 0755 : 0644;
  }
}
