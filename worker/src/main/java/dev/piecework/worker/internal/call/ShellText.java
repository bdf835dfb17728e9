package dev.piecework.worker.internal.call;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Text for a POSIX shell, built from bytes. Whatever is quoted reaches the command unchanged:
 * within single quotes a shell knows no character but the closing quote.
 */
public final class ShellText {
  private byte[] bytes = new byte[1024];
  private int length;

  /** Text of ours, as it is. */
  public ShellText add(String ascii) {
    room(ascii.length());
    for (int i = 0; i < ascii.length(); i++) {
      bytes[length++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  /** One word with exactly these bytes, of which none is NUL. */
  public ShellText quoted(byte[] word) {
    int quotes = 0;
    for (byte b : word) {
      if (b == '\'') {
        quotes++;
      }
    }
    room(word.length + 3 * quotes + 2);
    bytes[length++] = '\'';
    for (byte b : word) {
      if (b == '\'') {
        bytes[length++] = '\'';
        bytes[length++] = '\\';
        bytes[length++] = '\'';
      }
      bytes[length++] = b;
    }
    bytes[length++] = '\'';
    return this;
  }

  public ShellText quoted(String word) {
    return quoted(word.getBytes(StandardCharsets.UTF_8));
  }

  public void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
  }

  public ShellText clear() {
    length = 0;
    // One large item must not be remembered for ever.
    if (bytes.length > 1 << 20) {
      bytes = new byte[1024];
    }
    return this;
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
