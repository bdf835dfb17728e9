package dev.piecework.worker.internal.output;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Keeps the last 4 KiB of what passes, and hands on each line of it. A line longer than 4 KiB is
 * handed on in parts. Not for several threads at once.
 */
public final class StderrTail {
  private static final int KEPT = 4096;

  private final Consumer<String> lines;
  private final byte[] ring = new byte[KEPT];
  private final byte[] line = new byte[KEPT];
  private long total;
  private int lineLength;

  public StderrTail(Consumer<String> lines) {
    this.lines = lines;
  }

  public void add(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      byte b = bytes[i];
      ring[(int) (total++ % KEPT)] = b;
      if (b == '\n') {
        endLine();
      } else {
        line[lineLength++] = b;
        if (lineLength == KEPT) {
          endLine();
        }
      }
    }
  }

  /** Hands on an unfinished line, too. */
  public void end() {
    if (lineLength > 0) {
      endLine();
    }
  }

  public byte[] kept() {
    if (total <= KEPT) {
      return Arrays.copyOf(ring, (int) total);
    }
    int begin = (int) (total % KEPT);
    byte[] all = new byte[KEPT];
    System.arraycopy(ring, begin, all, 0, KEPT - begin);
    System.arraycopy(ring, 0, all, KEPT - begin, begin);
    return all;
  }

  private void endLine() {
    lines.accept(new String(line, 0, lineLength, StandardCharsets.UTF_8));
    lineLength = 0;
  }
}
