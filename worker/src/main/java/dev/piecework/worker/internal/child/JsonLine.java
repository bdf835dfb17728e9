package dev.piecework.worker.internal.child;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.process.AttemptContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Items as lines of JSON, gathered to be written at once.
 *
 * <p>A codec of our own because this library depends on next to nothing, one flat object each way
 * is all there is to it, and bytes go through without becoming characters: half of the cost of an
 * item.
 */
final class JsonLine {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final AttemptContext context;
  private byte[] bytes = new byte[8192];
  private int length;

  JsonLine(AttemptContext context) {
    this.context = context;
  }

  /** Adds the line of one item; a payload that is not UTF-8 goes as {@code payloadBase64}. */
  void add(Attempt attempt) {
    ascii("{\"id\":");
    text(attempt.id().getBytes(StandardCharsets.UTF_8));
    ascii(",\"attempt\":");
    ascii(Integer.toString(attempt.number()));
    String trace = context.traceparent(attempt);
    if (trace != null) {
      ascii(",\"traceparent\":");
      text(trace.getBytes(StandardCharsets.UTF_8));
    }
    byte[] payload = attempt.payload();
    if (isUtf8(payload)) {
      ascii(",\"payload\":");
      text(payload);
    } else {
      ascii(",\"payloadBase64\":\"");
      byte[] coded = Base64.getEncoder().encode(payload);
      room(coded.length);
      System.arraycopy(coded, 0, bytes, length, coded.length);
      length += coded.length;
      ascii("\"");
    }
    ascii("}\n");
  }

  int length() {
    return length;
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
    out.flush();
  }

  void clear() {
    length = 0;
    // Large items must not be remembered for ever.
    if (bytes.length > 1 << 20) {
      bytes = new byte[8192];
    }
  }

  private void text(byte[] utf8) {
    room(6 * utf8.length + 2);
    bytes[length++] = '"';
    for (byte b : utf8) {
      if (b == '"' || b == '\\') {
        bytes[length++] = '\\';
        bytes[length++] = b;
      } else if ((b & 0xe0) == 0 || b == 0x7f) {
        ascii("\\u00");
        bytes[length++] = HEX[b >> 4];
        bytes[length++] = HEX[b & 15];
      } else {
        bytes[length++] = b;
      }
    }
    bytes[length++] = '"';
  }

  private void ascii(String text) {
    room(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[length++] = (byte) text.charAt(i);
    }
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }

  private static boolean isUtf8(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        try {
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
          return true;
        } catch (CharacterCodingException e) {
          return false;
        }
      }
    }
    return true;
  }
}
