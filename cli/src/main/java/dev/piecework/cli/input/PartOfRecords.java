package dev.piecework.cli.input;

import dev.piecework.Item;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Leaves out the first records, and ends before the input does. What comes then is not read. */
final class PartOfRecords implements RecordReader {

  private final RecordReader input;
  private long toSkip;
  private long left;

  PartOfRecords(RecordReader input, LineRules rules) {
    this.input = input;
    this.toSkip = rules.skip();
    this.left = rules.limit();
  }

  @Override
  public @Nullable Item next() throws IOException {
    for (; toSkip > 0; toSkip--) {
      if (input.next() == null) {
        toSkip = 0;
        left = 0;
        return null;
      }
    }
    if (left == 0) {
      return null;
    }
    left--;
    return input.next();
  }

  @Override
  public @Nullable String field(String name) {
    return input.field(name);
  }
}
