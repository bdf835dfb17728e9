package dev.piecework.cli.results;

import dev.piecework.ItemView;
import dev.piecework.Result;
import dev.piecework.cli.output.LinePrefix;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.worker.process.FileResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Results on standard output. */
public final class PrintedResults implements ResultSink {

  /** How a result looks there. */
  public enum Form {
    /** What the command printed, byte by byte. */
    AS_IS,
    /** The same, and a newline where it does not end with one. */
    LINES,
    JSONL,
    CSV,
    /** Not at all: what it was has been passed on as it came. */
    NOTHING
  }

  private static final byte[] NO_TAG = {};
  private static final byte[] NEWLINE = {'\n'};
  private static final int PIECE = 1 << 16;

  private final Terminal terminal;
  private final Form form;
  private final String run;
  private final IdSet ids = new IdSet();
  private long rows;
  private Function<Result, byte[]> tags = result -> NO_TAG;

  public PrintedResults(Terminal terminal, Form form, String run) {
    this.terminal = terminal;
    this.form = form;
    this.run = run;
    if (form == Form.CSV) {
      terminal.print(ResultText.CSV_HEADER);
    }
  }

  /** Puts this before each line of a result; a newline follows where it does not end with one. */
  public PrintedResults withTags(Function<Result, byte[]> ofResult) {
    tags = ofResult;
    return this;
  }

  @Override
  public void accept(Result result) throws IOException {
    if (!ids.add(result.id())) {
      return;
    }
    rows++;
    switch (form) {
      case AS_IS, LINES -> printWhole(result, tags.apply(result));
      case NOTHING -> {}
      case JSONL -> terminal.print(ResultText.json(result, run));
      case CSV -> terminal.print(ResultText.csv(result));
    }
  }

  @Override
  public void dead(ItemView item) {
    switch (form) {
      case AS_IS, LINES, NOTHING -> {}
      case JSONL -> printRow(ResultText.json(item, run, null));
      case CSV -> printRow(ResultText.csv(item, null));
    }
  }

  private void printRow(String row) {
    rows++;
    terminal.print(row);
  }

  /** How many results and dead items there were. */
  public long rows() {
    return rows;
  }

  private void printWhole(Result result, byte[] tag) throws IOException {
    LinePrefix prefix = tag.length == 0 ? null : new LinePrefix(tag);
    Optional<FileResult> file = FileResult.of(result.result());
    byte[] last = FileResult.data(result.result());
    if (file.isEmpty()) {
      print(last, prefix);
    } else {
      last = printFile(result.id(), file.get(), prefix);
    }
    boolean lines = form == Form.LINES || prefix != null;
    if (lines && last.length > 0 && last[last.length - 1] != '\n') {
      terminal.print(NEWLINE);
    }
  }

  private void print(byte[] piece, @Nullable LinePrefix prefix) {
    terminal.print(prefix == null ? piece : prefix.on(piece));
  }

  /** Answers the end of it. */
  private byte[] printFile(String id, FileResult file, @Nullable LinePrefix prefix)
      throws IOException {
    if (!file.isWhole()) {
      throw LargeResults.gone(id, file);
    }
    byte[] last = {};
    try (InputStream in = Files.newInputStream(file.file())) {
      for (byte[] some = in.readNBytes(PIECE); some.length > 0; some = in.readNBytes(PIECE)) {
        print(some, prefix);
        last = some;
      }
    }
    return last;
  }

  @Override
  public void settle() {
    terminal.flush();
  }
}
