package dev.piecework.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Closes holes in append-only files, so that nothing behind them is lost. On a full disk Redis cuts
 * a torn write off again and goes on when there is room; but Redis 7 does not open the file that
 * follows a rewrite for appending ({@code openNewIncrAofForAppend} in its source), so it goes on
 * behind what it cut off, and between is nothing but zeros. It does not read such a file again, and
 * redis-check-aof would cut off all that follows.
 */
final class AppendOnlyHoles {
  private static final int SLICE = 1 << 16;

  private final AofChecker checker;

  AppendOnlyHoles(AofChecker checker) {
    this.checker = checker;
  }

  /**
   * Closes those of all files in a folder, and below it.
   *
   * @return how many bytes the holes had
   */
  long close(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(path -> path.toString().endsWith(".aof")).toList();
    }
    long closed = 0;
    for (Path file : files) {
      OptionalLong damage = checker.damage(file);
      long before = -1;
      while (damage.isPresent() && damage.getAsLong() > before) {
        before = damage.getAsLong();
        long length = holeAt(file, before);
        if (length == 0) {
          break;
        }
        closeHole(file, before, length);
        closed += length;
        damage = checker.damage(file);
      }
    }
    return closed;
  }

  // Zeros, and then a command: at the end of a file they are no hole.
  private static long holeAt(Path file, long from) throws IOException {
    ByteBuffer slice = ByteBuffer.allocate(SLICE);
    try (FileChannel channel = FileChannel.open(file)) {
      for (long at = from; channel.read(slice.clear(), at) > 0; at += slice.limit()) {
        slice.flip();
        while (slice.hasRemaining()) {
          byte next = slice.get();
          if (next != 0) {
            return next == '*' ? at + slice.position() - 1 - from : 0;
          }
        }
      }
    }
    return 0;
  }

  private static void closeHole(Path file, long from, long length) throws IOException {
    Path mended = file.resolveSibling(file.getFileName() + ".mended");
    Files.deleteIfExists(mended);
    try (FileChannel in = FileChannel.open(file);
        FileChannel out =
            FileChannel.open(mended, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      copy(in, 0, from, out);
      copy(in, from + length, in.size(), out);
      out.force(true);
    }
    Files.setPosixFilePermissions(mended, Files.getPosixFilePermissions(file));
    Files.move(
        mended,
        file,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static void copy(FileChannel in, long from, long to, FileChannel out) throws IOException {
    for (long at = from; at < to; ) {
      at += in.transferTo(at, to - at, out);
    }
  }
}
