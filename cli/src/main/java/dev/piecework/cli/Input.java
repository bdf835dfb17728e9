package dev.piecework.cli;

import dev.piecework.FillOptions;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --from} says: a file, or standard input.
 *
 * @param file its real path, or null for standard input
 */
record Input(@Nullable Path file) {

  /**
   * Looks before anything is filled.
   *
   * @param from a file's name, or - or null for standard input
   */
  static Input of(@Nullable String from) {
    if (from == null || from.equals("-")) {
      return new Input(null);
    }
    Path path = Path.of(from);
    if (Files.isDirectory(path)) {
      throw Refusal.usage(
          "--from: "
              + from
              + " is a folder; give a file with one item per line"
              + " (find "
              + from
              + " -type f | piecework ... --from -)");
    }
    if (!Files.exists(path)) {
      throw Refusal.usage("--from: there is no file " + from);
    }
    if (!Files.isReadable(path)) {
      throw Refusal.usage("--from: " + from + " cannot be read");
    }
    try {
      return new Input(path.toRealPath());
    } catch (IOException unreadable) {
      throw Refusal.usage("--from: " + from + ": " + unreadable.getMessage(), unreadable);
    }
  }

  boolean isStandardInput() {
    return file == null;
  }

  /** The name of the source that this input is, unless a person gives one. */
  String source() {
    return file == null ? "stdin" : file.toString();
  }

  /** Under the name given, or this input's own, under which only a broken fill is continued. */
  FillOptions options(@Nullable String as, boolean unique, boolean hold) {
    return new FillOptions(as == null ? source() : as, as == null, unique, hold);
  }

  InputStream open() throws IOException {
    return file == null ? new FileInputStream(FileDescriptor.in) : Files.newInputStream(file);
  }
}
