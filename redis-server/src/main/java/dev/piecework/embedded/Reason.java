package dev.piecework.embedded;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Says in words why a file operation failed: the JDK's messages are often only a path. */
final class Reason {
  private Reason() {}

  static String of(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "permission denied on " + denied.getFile();
      case NoSuchFileException missing -> missing.getFile() + " does not exist";
      case FileSystemException failed -> orElse(failed.getReason(), failed.getMessage());
      default -> orElse(e.getMessage(), e.getClass().getSimpleName());
    };
  }

  private static String orElse(@Nullable String first, @Nullable String second) {
    return first != null ? first : second != null ? second : "no reason was given";
  }
}
