package dev.piecework.worker.internal.output;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.process.ResultFolder;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The files of a {@link ResultFolder}: their names, and when they have them. A file has its name
 * when all of it is on the disk.
 */
public final class ResultFiles {
  private static final int LONGEST_ID = 100;
  private static final Pattern RESULT = Pattern.compile("[^.].*\\.\\d+(-\\d+)?\\.result");
  private static final Pattern PARTIAL = Pattern.compile("\\..+\\.\\d+\\.partial");

  private final Path folder;

  public ResultFiles(Path folder) {
    this.folder = folder;
  }

  public Path path() {
    return folder;
  }

  /** Begins the result of this attempt. */
  public PartialResult begin(Attempt attempt) throws IOException {
    String name = readable(attempt.id()) + "." + attempt.token();
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      Path above = folder.getParent();
      if (above != null) {
        sync(above);
      }
    }
    return new PartialResult(this, name);
  }

  Path partial(String name) {
    return folder.resolve("." + name + ".partial");
  }

  /** One that no other file has: a Redis that went back in time gives a token twice. */
  Path unused(String name) {
    Path file = folder.resolve(name + ".result");
    for (int again = 2; Files.exists(file); again++) {
      file = folder.resolve(name + "-" + again + ".result");
    }
    return file;
  }

  /** An id as a part of a file's name; what is unusual there as in a URL. */
  private static String readable(String id) {
    StringBuilder name = new StringBuilder();
    for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean usual = c < 0x80 && (Character.isLetterOrDigit(c) || c == '_' || c == '-');
      if (usual || (c == '.' && !name.isEmpty())) {
        name.append(c);
      } else {
        name.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    return name.length() <= LONGEST_ID ? name.toString() : name.substring(0, LONGEST_ID);
  }

  /** Removes what processes that were killed have left unfinished. */
  public void removePartial() throws IOException {
    remove(PARTIAL.asMatchPredicate());
  }

  /**
   * Removes the results that nobody has committed, and the folder when it is empty.
   *
   * @param committed whether this file's name is that of a committed one
   */
  public void removeAllBut(Predicate<String> committed) throws IOException {
    remove(RESULT.asMatchPredicate().and(committed.negate()).or(PARTIAL.asMatchPredicate()));
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException inUse) {
      // As it should be.
    }
  }

  private void remove(Predicate<String> names) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (names.test(String.valueOf(file.getFileName())) && Files.isRegularFile(file)) {
          Files.delete(file);
        }
      }
    }
  }

  void sync() throws IOException {
    sync(folder);
  }

  /** Whoever is interrupted does it all the same: a file without its name would be lost. */
  private static void sync(Path folder) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      boolean again = true;
      while (again) {
        try (FileChannel channel = FileChannel.open(folder)) {
          channel.force(true);
          again = false;
        } catch (ClosedByInterruptException e) {
          interrupted = true;
          boolean cleared = Thread.interrupted();
          again = cleared;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
