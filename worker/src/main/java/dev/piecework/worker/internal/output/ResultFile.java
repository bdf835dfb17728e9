package dev.piecework.worker.internal.output;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.process.ResultFolder;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** What a command has written to the file that {@code PIECEWORK_RESULT} names. */
public final class ResultFile {
  private static final byte[] NOTHING = {};

  /** More than a block of any file system. */
  private static final int ROOM = 1 << 17;

  private ResultFile() {}

  /**
   * @throws IOException also when the file system is full: then it may have been cut, and programs
   *     that do not look at what they write end well all the same
   */
  public static byte[] read(File file, int length) throws IOException {
    requireRoom(file);
    if (length == 0) {
      return NOTHING;
    }
    try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
      byte[] bytes = new byte[length];
      in.readFully(bytes);
      return bytes;
    }
  }

  /**
   * Makes it a file of its own.
   *
   * @return what refers to that
   * @throws ResultFileException when that cannot be written
   * @throws IOException as {@link #read}
   */
  public static byte[] keep(File file, ResultFolder folder, Attempt attempt) throws IOException {
    requireRoom(file);
    Path where = folder.path();
    try (PartialResult copy = new ResultFiles(where).begin(attempt)) {
      where = copy.path();
      copy.copy(file);
      return copy.keep().reference();
    } catch (IOException full) {
      throw new ResultFileException(where, full);
    }
  }

  private static void requireRoom(File file) throws IOException {
    if (file.getUsableSpace() == 0 && !hasRoom(file)) {
      throw new IOException(
          "there is no space left in "
              + file.getParent()
              + ", so what the command wrote to PIECEWORK_RESULT may be cut; free some, or let"
              + " TMPDIR name a larger place");
    }
  }

  /**
   * Whether something can be written beside it. A file system without a bound, or one that does not
   * tell, says that nothing is left; and so does one whose rest is for the superuser that we are.
   */
  private static boolean hasRoom(File file) {
    File probe = new File(file.getPath() + ".room");
    try {
      try (FileOutputStream out = new FileOutputStream(probe)) {
        out.write(new byte[ROOM]);
      } finally {
        delete(probe);
      }
      return true;
    } catch (IOException full) {
      return false;
    }
  }

  public static void delete(File file) throws IOException {
    if (!file.delete() && file.exists()) {
      throw new IOException("cannot remove " + file);
    }
  }
}
