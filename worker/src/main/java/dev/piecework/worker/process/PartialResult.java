package dev.piecework.worker.process;

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
final class PartialResult implements AutoCloseable {
  private final ResultFolder folder;
  private final String name;
  private final Path partial;
  private final FileOutputStream out;
  private long length;

  PartialResult(ResultFolder folder, String name) throws IOException {
    this.folder = folder;
    this.name = name;
    partial = folder.partial(name);
    out = new FileOutputStream(partial.toFile());
  }

  Path path() {
    return partial;
  }

  void write(byte[] bytes, int count) throws IOException {
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
  FileResult keep() throws IOException {
    out.getFD().sync();
    out.close();
    Path file = folder.unused(name);
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    folder.sync();
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
