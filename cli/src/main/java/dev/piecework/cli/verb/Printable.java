package dev.piecework.cli.verb;

import dev.piecework.RedisUri;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Bytes that anybody may have made up, for the eyes of a person. */
public final class Printable {

  private Printable() {}

  /** The text, if these bytes are UTF-8. */
  public static Optional<String> strictText(byte[] bytes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    try {
      CharBuffer text = decoder.decode(ByteBuffer.wrap(bytes));
      return Optional.of(text.toString());
    } catch (CharacterCodingException notText) {
      return Optional.empty();
    }
  }

  /** One line that does nothing to a terminal, at most so many characters long. */
  public static String line(byte[] bytes, int most) {
    // A character has four bytes at most: what comes later is cut off in any case.
    int enough = (int) Math.min(bytes.length, 4L * most + 4);
    Optional<String> text = enough == bytes.length ? strictText(bytes) : Optional.empty();
    if (text.isPresent()) {
      return line(text.get(), most);
    }
    StringBuilder safe = new StringBuilder();
    CharBuffer one = CharBuffer.allocate(2);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer rest = ByteBuffer.wrap(bytes, 0, enough);
    while (rest.hasRemaining() && safe.length() <= most) {
      int length = sequenceLength(rest.get(rest.position()));
      one.clear();
      decoder.reset();
      boolean whole =
          length > 0
              && length <= rest.remaining()
              && !decoder.decode(rest.slice(rest.position(), length), one, true).isError();
      if (whole) {
        append(safe, one.flip().toString().codePointAt(0));
        rest.position(rest.position() + length);
      } else {
        safe.append(String.format("\\x%02x", rest.get()));
      }
    }
    return cut(safe, most, enough < bytes.length);
  }

  /** One line that does nothing to a terminal, at most so many characters long. */
  public static String line(String text, int most) {
    StringBuilder safe = new StringBuilder();
    int i = 0;
    while (i < text.length() && safe.length() <= most) {
      int point = text.codePointAt(i);
      append(safe, point);
      i += Character.charCount(point);
    }
    return cut(safe, most, i < text.length());
  }

  /**
   * As {@link #line}, of what a person typed, or a message with that in it. Passwords of URLs are
   * hidden here, for in what is left when it is cut nobody can tell them any more.
   */
  public static String typed(@Nullable String text, int most) {
    return line(RedisUri.masked(String.valueOf(text)), most);
  }

  /**
   * Whole lines, as they are but for what makes a terminal do something: that is written as JSON
   * would, so that what was JSON still is.
   */
  static String lines(String text) {
    StringBuilder safe = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean endsLine = c == '\n' || (c == '\r' && text.startsWith("\n", i + 1));
      boolean obeyed = c != '\t' && !endsLine && (Character.isISOControl(c) || isHidden(c));
      if (obeyed && safe == null) {
        safe = new StringBuilder(text.length() + 16).append(text, 0, i);
      }
      if (safe != null && obeyed) {
        safe.append(String.format("\\u%04x", (int) c));
      } else if (safe != null) {
        safe.append(c);
      }
    }
    return safe == null ? text : safe.toString();
  }

  /** The same of bytes: what is no text is not touched, unless a terminal could obey it. */
  static byte[] lines(byte[] bytes) {
    Optional<String> text = strictText(bytes);
    if (text.isPresent()) {
      return lines(text.get()).getBytes(StandardCharsets.UTF_8);
    }
    // Latin-1 has a character for each byte; of a terminal that reads it so, C1 is obeyed too.
    StringBuilder safe = new StringBuilder();
    for (String line : new String(bytes, StandardCharsets.ISO_8859_1).split("(?<=\n)", -1)) {
      boolean ends = line.endsWith("\n");
      byte[] part =
          (ends ? line.substring(0, line.length() - 1) : line)
              .getBytes(StandardCharsets.ISO_8859_1);
      safe.append(line(part, Integer.MAX_VALUE / 8)).append(ends ? "\n" : "");
    }
    return safe.toString().getBytes(StandardCharsets.UTF_8);
  }

  // What turns the direction of other letters, or ends a line for some.
  private static boolean isHidden(char c) {
    return (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069')
        || c == '\u200e'
        || c == '\u200f'
        || c == '\u061c'
        || c == '\u2028'
        || c == '\u2029';
  }

  private static String cut(StringBuilder safe, int most, boolean more) {
    if (safe.length() <= most && !more) {
      return safe.toString();
    }
    safe.setLength(Math.max(0, Math.min(safe.length(), most - 1)));
    if (!safe.isEmpty() && Character.isHighSurrogate(safe.charAt(safe.length() - 1))) {
      safe.setLength(safe.length() - 1);
    }
    return safe.append('…').toString();
  }

  private static int sequenceLength(byte first) {
    int bits = first & 0xff;
    if (bits < 0x80) {
      return 1;
    }
    return bits >= 0xf0 ? 4 : bits >= 0xe0 ? 3 : bits >= 0xc0 ? 2 : 0;
  }

  private static void append(StringBuilder safe, int point) {
    switch (point) {
      case '\n' -> safe.append("\\n");
      case '\r' -> safe.append("\\r");
      case '\t' -> safe.append("\\t");
      case '\\' -> safe.append("\\\\");
      default -> {
        int type = Character.getType(point);
        boolean invisible =
            type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
        if (invisible) {
          safe.append(
              point < 0x80 ? String.format("\\x%02x", point) : String.format("\\u{%x}", point));
        } else {
          safe.appendCodePoint(point);
        }
      }
    }
  }
}
