package dev.piecework.worker.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A result that is too large for Redis and for memory: a file of its own. What is committed instead
 * is a {@linkplain #reference reference}. A command whose own result begins like one is not taken
 * for done; that of a Java handler is {@linkplain #committed committed} so that it is none.
 *
 * @param file its absolute path, on the machine that ran the command
 * @param bytes how long it is
 */
public record FileResult(Path file, long bytes) {

  private static final byte[] MARK = "\0piecework-result-file\0".getBytes(StandardCharsets.UTF_8);

  /** What is committed: the mark, the number of bytes, NUL, the path. */
  public byte[] reference() {
    byte[] rest = (bytes + "\0" + file).getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(MARK, MARK.length + rest.length);
    System.arraycopy(rest, 0, all, MARK.length, rest.length);
    return all;
  }

  /** The file that a committed result names, if it is a reference. */
  public static Optional<FileResult> of(byte[] result) {
    if (!isReference(result)) {
      return Optional.empty();
    }
    String[] parts =
        new String(result, MARK.length, result.length - MARK.length, StandardCharsets.UTF_8)
            .split("\0", 2);
    try {
      return parts.length == 2
          ? Optional.of(new FileResult(Path.of(parts[1]), Long.parseLong(parts[0])))
          : Optional.empty();
    } catch (NumberFormatException | InvalidPathException notOurs) {
      return Optional.empty();
    }
  }

  /** Whether a result begins as a {@link #reference} does: a command has none that does. */
  public static boolean isReference(byte[] result) {
    return result.length >= MARK.length
        && Arrays.equals(result, 0, MARK.length, MARK, 0, MARK.length);
  }

  /**
   * What is committed of a result that is no file, though it may begin as a {@link #reference}
   * does: then it stands behind the mark and a NUL, where a reference has a number. Any other is
   * committed as it is.
   */
  public static byte[] committed(byte[] result) {
    if (!isReference(result)) {
      return result;
    }
    byte[] all = Arrays.copyOf(MARK, MARK.length + 1 + result.length);
    System.arraycopy(result, 0, all, MARK.length + 1, result.length);
    return all;
  }

  /** The result that was {@linkplain #committed committed}, unless that is a reference. */
  public static byte[] data(byte[] committed) {
    boolean marked =
        isReference(committed) && committed.length > MARK.length && committed[MARK.length] == 0;
    return marked ? Arrays.copyOfRange(committed, MARK.length + 1, committed.length) : committed;
  }

  /** Whether it is there, and whole. */
  public boolean isWhole() {
    try {
      return Files.size(file) == bytes;
    } catch (IOException gone) {
      return false;
    }
  }
}
