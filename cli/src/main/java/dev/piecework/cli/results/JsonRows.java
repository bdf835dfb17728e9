package dev.piecework.cli.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.ItemView;
import dev.piecework.Result;
import java.io.IOException;
import java.io.OutputStream;

/** Rows as JSON lines, for another program. */
public final class JsonRows implements ResultSink {

  private final OutputStream out;
  private final String run;
  private long done;

  public JsonRows(OutputStream out, String run) {
    this.out = out;
    this.run = run;
  }

  @Override
  public void accept(Result result) throws IOException {
    write(ResultText.json(result, run));
    done++;
  }

  @Override
  public void dead(ItemView item) throws IOException {
    write(ResultText.json(item, run, null));
  }

  private void write(String row) throws IOException {
    out.write(row.getBytes(UTF_8));
    out.write('\n');
  }

  /** How many rows are of what is done. */
  public long done() {
    return done;
  }

  @Override
  public void settle() throws IOException {
    out.flush();
  }
}
