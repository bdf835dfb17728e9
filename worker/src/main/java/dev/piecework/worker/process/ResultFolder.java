package dev.piecework.worker.process;

import dev.piecework.worker.internal.output.ResultFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * A folder of results that are files of their own, made when the first one is written. It is for
 * one process at a time. A file is named by its item's id and by the lease's token, so that what is
 * made under a lease that was lost is never the file that a later one has committed. It has its
 * name when all of it is on the disk.
 */
public final class ResultFolder {

  private final ResultFiles files;

  /**
   * @param folder need not be there; a relative one is in the working folder
   */
  public ResultFolder(Path folder) {
    files = new ResultFiles(folder.toAbsolutePath());
  }

  /** Where it is, from the root. */
  public Path path() {
    return files.path();
  }

  /** Removes what processes that were killed have left unfinished. */
  public void removePartial() throws IOException {
    files.removePartial();
  }

  /**
   * Removes the results that nobody has committed, and the folder when it is empty.
   *
   * @param committed whether this file's name is that of a committed one
   */
  public void removeAllBut(Predicate<String> committed) throws IOException {
    files.removeAllBut(committed);
  }
}
