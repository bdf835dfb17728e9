package dev.piecework.cli.input;

import dev.piecework.cli.verb.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Splits an input at each delimiter byte, and at no other: payloads are bytes, not text. What comes
 * after the last delimiter counts, unless it is nothing.
 */
public final class ByteRecords {

  private final InputStream in;
  private final byte delimiter;
  private final int longest;
  private final byte[] buffer = new byte[1 << 16];
  private int from;
  private int to;
  private long count;

  public ByteRecords(InputStream in, byte delimiter, int longest) {
    this.in = in;
    this.delimiter = delimiter;
    this.longest = longest;
  }

  /** How many records were read. */
  public long count() {
    return count;
  }

  int longest() {
    return longest;
  }

  /** The next record without its delimiter, or null at the end. */
  public byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream begun = null;
    while (true) {
      int end = from;
      while (end < to && buffer[end] != delimiter) {
        end++;
      }
      requireShortEnough((begun == null ? 0 : begun.size()) + end - from);
      if (end < to) {
        byte[] record = joined(begun, end);
        from = end + 1;
        count++;
        return record;
      }
      if (to > from) {
        begun = begun == null ? new ByteArrayOutputStream() : begun;
        begun.write(buffer, from, to - from);
      }
      from = 0;
      to = Math.max(0, in.read(buffer));
      if (to == 0) {
        if (begun == null) {
          return null;
        }
        count++;
        return begun.toByteArray();
      }
    }
  }

  private byte[] joined(@Nullable ByteArrayOutputStream begun, int end) {
    if (begun == null) {
      byte[] record = new byte[end - from];
      System.arraycopy(buffer, from, record, 0, record.length);
      return record;
    }
    begun.write(buffer, from, end - from);
    return begun.toByteArray();
  }

  private void requireShortEnough(int length) {
    if (length > longest) {
      throw Refusal.usage(
          "record "
              + (count + 1)
              + " is longer than "
              + longest
              + " bytes; the queue's"
              + " payload-max is the limit (piecework set QUEUE payload-max=BYTES), or is the"
              + " --format wrong?");
    }
  }
}
