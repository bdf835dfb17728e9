package dev.piecework.worker.internal.child;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.process.AttemptContext;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** A child's standard input: lines of items, written at once, and how much that was. */
final class ChildInput {

  private final OutputStream stream;
  private final JsonLine lines;
  private long written;

  ChildInput(OutputStream stream, AttemptContext context) {
    this.stream = stream;
    this.lines = new JsonLine(context);
  }

  /** Writes them all; nothing is said of one that is gone, whose end is heard of elsewhere. */
  synchronized void write(List<Attempt> attempts) {
    attempts.forEach(lines::add);
    written += lines.length();
    try {
      lines.writeTo(stream);
    } catch (IOException e) {
      // It is gone or going; the reader hears of it and knows whose items are left.
    }
    lines.clear();
  }

  /** In bytes, whether they were read or not. */
  synchronized long written() {
    return written;
  }

  synchronized void close() {
    try {
      stream.close();
    } catch (IOException e) {
      // Gone already.
    }
  }
}
