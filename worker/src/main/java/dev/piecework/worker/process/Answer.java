package dev.piecework.worker.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a child said of one item: one line of JSON with {@code id} and {@code result}, {@code error}
 * or {@code bury}.
 *
 * @param value the text, as UTF-8; a value that is not a string is kept as its JSON text, null is
 *     null; {@code resultBase64} is decoded
 */
record Answer(String id, Kind kind, byte @Nullable [] value) {
  enum Kind {
    RESULT,
    ERROR,
    BURY
  }

  /** The answer in a line, or empty if the line is not one. */
  static Optional<Answer> parse(byte[] bytes, int begin, int end) {
    return new Parser(bytes, begin, end).answer();
  }

  /** Strict as RFC 8259, but for bytes in strings that are not UTF-8: they pass as they are. */
  private static final class Parser {
    private static final int DEEPEST = 64;

    private final byte[] bytes;
    private final int end;
    private int at;

    Parser(byte[] bytes, int begin, int end) {
      this.bytes = bytes;
      this.end = end;
      at = begin;
    }

    Optional<Answer> answer() {
      try {
        return object();
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        return Optional.empty();
      }
    }

    private Optional<Answer> object() {
      String id = null;
      boolean hasResult = false;
      byte[] result = null;
      byte[] error = null;
      byte[] bury = null;
      expect('{');
      if (!next('}')) {
        do {
          blank();
          String name = new String(string(), StandardCharsets.UTF_8);
          expect(':');
          blank();
          byte[] value = value();
          switch (name) {
            case "id" -> id = value == null ? null : new String(value, StandardCharsets.UTF_8);
            case "error" -> error = value;
            case "bury" -> bury = value;
            case "result", "resultBase64" -> {
              hasResult = true;
              result =
                  value == null || name.equals("result")
                      ? value
                      : Base64.getDecoder().decode(value);
            }
            default -> {
              // A child may say more than it is asked.
            }
          }
        } while (next(','));
        expect('}');
      }
      blank();
      if (id == null || at != end) {
        return Optional.empty();
      }
      // An error wins over a result: done must mean done. "error": null is no error.
      if (bury != null) {
        return Optional.of(new Answer(id, Kind.BURY, bury));
      }
      if (error != null) {
        return Optional.of(new Answer(id, Kind.ERROR, error));
      }
      return hasResult ? Optional.of(new Answer(id, Kind.RESULT, result)) : Optional.empty();
    }

    private byte @Nullable [] value() {
      if (bytes[at] == '"') {
        return string();
      }
      int begin = at;
      skip(0);
      byte[] text = Arrays.copyOfRange(bytes, begin, at);
      return text.length == 4 && text[0] == 'n' ? null : text;
    }

    private void skip(int depth) {
      if (depth > DEEPEST) {
        throw new IllegalArgumentException("nested too deeply");
      }
      blank();
      switch (bytes[at]) {
        case '"' -> string();
        case '{' -> {
          at++;
          if (!next('}')) {
            do {
              blank();
              string();
              expect(':');
              skip(depth + 1);
            } while (next(','));
            expect('}');
          }
        }
        case '[' -> {
          at++;
          if (!next(']')) {
            do {
              skip(depth + 1);
            } while (next(','));
            expect(']');
          }
        }
        case 't' -> word("true");
        case 'f' -> word("false");
        case 'n' -> word("null");
        default -> number();
      }
    }

    private void number() {
      int begin = at;
      if (at < end && bytes[at] == '-') {
        at++;
      }
      int digits = at;
      digits();
      if (at - digits > 1 && bytes[digits] == '0') {
        throw new IllegalArgumentException("leading zero");
      }
      if (at < end && bytes[at] == '.') {
        at++;
        digits();
      }
      if (at < end && (bytes[at] == 'e' || bytes[at] == 'E')) {
        at++;
        if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
          at++;
        }
        digits();
      }
      if (at - begin > 400) {
        throw new IllegalArgumentException("number too long");
      }
    }

    private void digits() {
      int begin = at;
      while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
        at++;
      }
      if (at == begin) {
        throw new IllegalArgumentException("no digit");
      }
    }

    private void word(String word) {
      for (int i = 0; i < word.length(); i++) {
        if (at >= end || bytes[at++] != word.charAt(i)) {
          throw new IllegalArgumentException("no such word");
        }
      }
    }

    /** The text of a string, as UTF-8. */
    private byte[] string() {
      if (at >= end || bytes[at++] != '"') {
        throw new IllegalArgumentException("no string");
      }
      int begin = at;
      while (at < end && bytes[at] != '"' && bytes[at] != '\\' && (bytes[at] & 0xe0) != 0) {
        at++;
      }
      if (at < end && bytes[at] == '"') {
        return Arrays.copyOfRange(bytes, begin, at++);
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream(2 * (at - begin) + 16);
      out.write(bytes, begin, at - begin);
      while (at < end && bytes[at] != '"') {
        byte b = bytes[at++];
        if ((b & 0xe0) == 0) {
          throw new IllegalArgumentException("control character");
        }
        if (b == '\\') {
          escape(out);
        } else {
          out.write(b);
        }
      }
      if (at++ >= end) {
        throw new IllegalArgumentException("string without end");
      }
      return out.toByteArray();
    }

    private void escape(ByteArrayOutputStream out) {
      if (at >= end) {
        throw new IllegalArgumentException("escape without end");
      }
      switch (bytes[at++]) {
        case '"' -> out.write('"');
        case '\\' -> out.write('\\');
        case '/' -> out.write('/');
        case 'b' -> out.write('\b');
        case 'f' -> out.write('\f');
        case 'n' -> out.write('\n');
        case 'r' -> out.write('\r');
        case 't' -> out.write('\t');
        case 'u' -> {
          char first = unit();
          String text = String.valueOf(first);
          if (Character.isHighSurrogate(first)
              && at + 1 < end
              && bytes[at] == '\\'
              && bytes[at + 1] == 'u') {
            at += 2;
            text += unit();
          }
          out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        }
        default -> throw new IllegalArgumentException("no such escape");
      }
    }

    private char unit() {
      int unit = 0;
      for (int i = 0; i < 4; i++) {
        int digit = at < end ? Character.digit(bytes[at++], 16) : -1;
        if (digit < 0) {
          throw new IllegalArgumentException("no hexadecimal digit");
        }
        unit = unit * 16 + digit;
      }
      return (char) unit;
    }

    private void blank() {
      while (at < end
          && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r' || bytes[at] == '\n')) {
        at++;
      }
    }

    private boolean next(char c) {
      blank();
      if (at < end && bytes[at] == c) {
        at++;
        return true;
      }
      return false;
    }

    private void expect(char c) {
      if (!next(c)) {
        throw new IllegalArgumentException("expected " + c);
      }
    }
  }
}
