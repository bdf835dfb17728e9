package dev.piecework.worker.internal.child;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Lines of a stream as ranges of one buffer, without a copy or an object for each. */
final class LineReader {
  private static final int CHUNK = 1 << 16;

  private final InputStream in;
  private final long longest;
  private final Runnable idle;
  private byte[] buffer = new byte[CHUNK];
  private int begin;
  private int end;
  private int next;
  private int filled;
  private boolean endless;

  /**
   * @param idle is run before each wait for more
   */
  LineReader(InputStream in, long longest, Runnable idle) {
    this.in = in;
    this.idle = idle;
    this.longest = longest;
  }

  /** Goes to the next line; false at the end, and at a line that is too long. */
  boolean next() throws IOException {
    begin = next;
    int look = begin;
    while (true) {
      for (; look < filled; look++) {
        if (buffer[look] == '\n') {
          end = look;
          next = look + 1;
          return true;
        }
      }
      if (filled - begin > longest) {
        endless = true;
        return false;
      }
      look -= begin;
      makeRoom();
      idle.run();
      int read = in.read(buffer, filled, buffer.length - filled);
      if (read <= 0) {
        return false;
      }
      filled += read;
    }
  }

  boolean isEndless() {
    return endless;
  }

  byte[] buffer() {
    return buffer;
  }

  int begin() {
    return begin;
  }

  int end() {
    return end;
  }

  int length() {
    return end - begin;
  }

  String text() {
    return new String(buffer, begin, length(), StandardCharsets.UTF_8);
  }

  boolean startsWith(byte[] prefix) {
    return length() >= prefix.length
        && Arrays.equals(buffer, begin, begin + prefix.length, prefix, 0, prefix.length);
  }

  private void makeRoom() {
    int length = filled - begin;
    byte[] target = buffer;
    if (length > buffer.length / 2) {
      target = new byte[buffer.length * 2];
    } else if (length == 0 && buffer.length > 1 << 20) {
      target = new byte[CHUNK];
    }
    System.arraycopy(buffer, begin, target, 0, length);
    buffer = target;
    begin = 0;
    next = 0;
    filled = length;
  }
}
