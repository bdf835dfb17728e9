package dev.piecework.worker.internal.output;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A result that is to be a file of its own cannot be written: the disk is full, as a rule. */
public final class ResultFileException extends IOException {
  private static final long serialVersionUID = 1;

  ResultFileException(Path file, IOException cause) {
    super("cannot write result file " + file + ": " + why(cause), cause);
  }

  private static String why(IOException cause) {
    String reason = cause instanceof FileSystemException named ? named.getReason() : null;
    String text = reason != null ? reason : cause.getMessage();
    return text != null ? text : cause.getClass().getSimpleName();
  }
}
