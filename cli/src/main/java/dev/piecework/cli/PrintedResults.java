package dev.piecework.cli;

import dev.piecework.Result;

/** Results on standard output. */
final class PrintedResults implements ResultSink {

  /** How a result looks there. */
  enum Form {
    /** What the command printed, byte by byte. */
    AS_IS,
    /** The same, and a newline where it does not end with one. */
    LINES,
    JSONL,
    CSV
  }

  private static final byte[] NEWLINE = {'\n'};

  private final Terminal terminal;
  private final Form form;
  private final String run;
  private final IdSet ids = new IdSet();

  PrintedResults(Terminal terminal, Form form, String run) {
    this.terminal = terminal;
    this.form = form;
    this.run = run;
    if (form == Form.CSV) {
      terminal.print(ResultText.CSV_HEADER);
    }
  }

  @Override
  public void accept(Result result) {
    if (!ids.add(result.id())) {
      return;
    }
    switch (form) {
      case AS_IS -> terminal.print(result.result());
      case LINES -> printLines(result.result());
      case JSONL -> terminal.print(ResultText.json(result, run));
      case CSV -> terminal.print(ResultText.csv(result));
    }
  }

  private void printLines(byte[] bytes) {
    terminal.print(bytes);
    if (bytes.length > 0 && bytes[bytes.length - 1] != '\n') {
      terminal.print(NEWLINE);
    }
  }

  @Override
  public void settle() {
    terminal.flush();
  }
}
