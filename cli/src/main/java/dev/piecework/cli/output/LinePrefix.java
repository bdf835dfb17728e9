package dev.piecework.cli.output;

import java.io.ByteArrayOutputStream;

/** Puts the same before each line of something that comes in pieces. */
public final class LinePrefix {

  private final byte[] prefix;
  private boolean atStart = true;

  public LinePrefix(byte[] prefix) {
    this.prefix = prefix;
  }

  /** The next piece, which may end within a line. */
  public byte[] on(byte[] piece) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(piece.length + 4 * prefix.length);
    int begin = 0;
    while (begin < piece.length) {
      if (atStart) {
        all.writeBytes(prefix);
      }
      int end = begin;
      while (end < piece.length && piece[end] != '\n') {
        end++;
      }
      atStart = end < piece.length;
      int next = atStart ? end + 1 : end;
      all.write(piece, begin, next - begin);
      begin = next;
    }
    return all.toByteArray();
  }
}
