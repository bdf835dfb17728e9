package dev.piecework.worker.internal.output;

import dev.piecework.worker.process.FileResult;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A result while it is written to a file of its own. Written by a stream and not by a channel,
 * which an interrupt of the slot would close.
 */
public final class PartialResult implements AutoCloseable {
  private final ResultFiles files;
  private final String name;
  private final Path partial;
  private final FileOutputStream out;
  private long length;

  PartialResult(ResultFiles files, String name) throws IOException {
    this.files = files;
    this.name = name;
    partial = files.partial(name);
    out = new FileOutputStream(partial.toFile());
  }

  Path path() {
    return partial;
  }

  public void write(byte[] bytes, int count) throws IOException {
    out.write(bytes, 0, count);
    length += count;
  }

  void copy(File file) throws IOException {
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = new FileInputStream(file)) {
      int read;
      while ((read = in.read(buffer)) > 0) {
        write(buffer, read);
      }
    }
  }

  /** It is whole: once it is on the disk it gets its name. */
  public FileResult keep() throws IOException {
    out.getFD().sync();
    out.close();
    Path file = files.unused(name);
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    files.sync();
    return new FileResult(file, length);
  }

  /** Removes it, unless it was kept. */
  @Override
  public void close() throws IOException {
    try (out) {
      Files.deleteIfExists(partial);
    }
  }
}
