package dev.piecework.cli.input;

import dev.piecework.Item;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A record per line. Lists are written by people and by other systems: a byte order mark is no part
 * of the first line, a blank line no item (commands ran on {@code /} for one), and where the first
 * line ends in CR LF a CR is no part of any.
 */
final class LineRecords implements RecordReader {

  private final ByteRecords lines;
  private final LineRules rules;
  private final InputNotices notices;
  private boolean begun;
  private boolean takeReturnsOff;

  LineRecords(ByteRecords lines, LineRules rules, InputNotices notices) {
    this.lines = lines;
    this.rules = rules;
    this.notices = notices;
  }

  @Override
  public @Nullable Item next() throws IOException {
    byte[] line = line();
    while (line != null && !rules.keepBlank() && isBlank(line)) {
      notices.blankSkipped();
      line = line();
    }
    if (line == null) {
      return null;
    }
    if (!takeReturnsOff && !rules.keepReturn() && endsInReturn(line)) {
      notices.returnKept();
    }
    return Item.of(line);
  }

  private byte @Nullable [] line() throws IOException {
    byte[] line = lines.next();
    if (line == null) {
      return null;
    }
    if (!begun) {
      begun = true;
      byte[] text = withoutMark(line);
      if (text.length < line.length) {
        notices.markDropped();
        line = text;
      }
      takeReturnsOff = !rules.keepReturn() && endsInReturn(line);
      if (takeReturnsOff) {
        notices.returnsTakenOff();
      }
    }
    return takeReturnsOff && endsInReturn(line) ? Arrays.copyOf(line, line.length - 1) : line;
  }

  /** The first line of an input without the byte order mark that it may begin with. */
  static byte[] withoutMark(byte[] line) {
    boolean marked =
        line.length >= 3
            && line[0] == (byte) 0xEF
            && line[1] == (byte) 0xBB
            && line[2] == (byte) 0xBF;
    return marked ? Arrays.copyOfRange(line, 3, line.length) : line;
  }

  private static boolean endsInReturn(byte[] line) {
    return line.length > 0 && line[line.length - 1] == '\r';
  }

  static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
