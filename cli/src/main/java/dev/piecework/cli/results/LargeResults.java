package dev.piecework.cli.results;

import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.worker.process.FileResult;
import dev.piecework.worker.process.ResultFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Results that are files of their own, in a folder beside the results file that names them. */
public final class LargeResults {

  private final ResultFolder folder;
  private final Set<String> named = new HashSet<>();
  private final CompletableFuture<Refusal> failure = new CompletableFuture<>();

  public LargeResults(Path folder) {
    this.folder = new ResultFolder(folder);
  }

  public ResultFolder folder() {
    return folder;
  }

  /** Comes when one cannot be written. */
  public CompletableFuture<Refusal> failure() {
    return failure;
  }

  public void cannotBeWritten(IOException cause) {
    failure.complete(new Refusal(ExitCode.CANNOT_WRITE, String.valueOf(cause.getMessage()), cause));
  }

  /** A line of the results file names this one. */
  void isNamed(String path) {
    named.add(path.substring(path.lastIndexOf('/') + 1));
  }

  /**
   * How a line of the results file names it: relative to the folder of the results file, unless it
   * is elsewhere.
   */
  String shown(String id, FileResult file) {
    String name = String.valueOf(file.file().getFileName());
    Path ours = folder.path();
    FileResult here = new FileResult(ours.resolve(name), file.bytes());
    if (here.isWhole()) {
      named.add(name);
      return ours.getFileName() + "/" + name;
    }
    if (here.file().equals(file.file())) {
      throw gone(id, file);
    }
    return file.file().toString();
  }

  static Refusal gone(String id, FileResult file) {
    return new Refusal(
        ExitCode.RUN_LOST,
        "the result of item "
            + Printable.line(id, 60)
            + " was the file "
            + file.file()
            + " of "
            + file.bytes()
            + " bytes, which is gone or has been changed: put it back, or do the item again in"
            + " another run");
  }

  /** The results file is begun anew: these were named by what it held. */
  void removeAll() throws IOException {
    named.clear();
    folder.removeAllBut(name -> false);
  }

  /** Those that a process which was killed has begun. */
  void removePartial() throws IOException {
    folder.removePartial();
  }

  void removeAllButTheNamed() throws IOException {
    folder.removeAllBut(named::contains);
  }
}
