package dev.piecework.worker.internal.child;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a child said of one item: one line of JSON with {@code id} and {@code result}, {@code error}
 * or {@code bury}.
 *
 * @param value the text, as UTF-8; a value that is not a string is kept as its JSON text; null for
 *     no result; {@code resultBase64} is decoded
 */
record Answer(String id, Kind kind, byte @Nullable [] value) {
  enum Kind {
    RESULT,
    ERROR,
    BURY
  }

  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};

  /**
   * The answer in a line, or empty if the line is not one: no JSON object, or without an id. What
   * has an id is always an answer, or its item would be waited for without end; what says neither
   * that the item is done nor why not is an error.
   */
  static Optional<Answer> parse(byte[] bytes, int begin, int end) {
    return new Parser(bytes, begin, end).answer();
  }

  /** What the fields of a line come to. A null is the same as an absent field. */
  private static final class Fields {
    private static final Set<String> SENT = Set.of("attempt", "payload", "payloadBase64");

    private @Nullable String id;
    private boolean twoIds;
    private byte @Nullable [] result;
    private byte @Nullable [] error;
    private byte @Nullable [] bury;
    private boolean saysHow;
    private @Nullable Set<String> others;

    /**
     * @param text whether the value was a string
     */
    void take(String name, byte @Nullable [] value, boolean text) {
      switch (name) {
        case "id" -> {
          String given = value == null ? null : new String(value, StandardCharsets.UTF_8);
          twoIds |= id != null && given != null && !id.equals(given);
          id = given == null ? id : given;
        }
        case "error" -> {
          saysHow = true;
          error = isNothing(value, text) ? error : value;
        }
        case "bury" -> {
          saysHow = true;
          bury = isNothing(value, text) ? bury : value;
        }
        case "result" -> {
          saysHow = true;
          result = value == null ? result : value;
        }
        case "resultBase64" -> {
          saysHow = true;
          decode(value);
        }
        default -> {
          // A child may say more than it is asked.
          others = others == null ? new TreeSet<>() : others;
          others.add(name);
        }
      }
    }

    // "error": false is what a program says that has no error; a string is never nothing.
    private static boolean isNothing(byte @Nullable [] value, boolean text) {
      return value == null || (!text && Arrays.equals(value, FALSE));
    }

    private void decode(byte @Nullable [] value) {
      if (value == null) {
        return;
      }
      try {
        result = Base64.getDecoder().decode(withoutLineBreaks(value));
      } catch (IllegalArgumentException wrong) {
        error = utf8("the child's resultBase64 is not Base64: " + wrong.getMessage());
      }
    }

    // Some encoders break their lines.
    private static byte[] withoutLineBreaks(byte[] text) {
      byte[] kept = new byte[text.length];
      int length = 0;
      for (byte b : text) {
        if (b != '\r' && b != '\n') {
          kept[length++] = b;
        }
      }
      return length == text.length ? text : Arrays.copyOf(kept, length);
    }

    Optional<Answer> answer() {
      if (id == null || twoIds) {
        return Optional.empty();
      }
      // An error wins over a result: done must mean done.
      if (bury != null) {
        return Optional.of(new Answer(id, Kind.BURY, bury));
      }
      if (error != null) {
        return Optional.of(new Answer(id, Kind.ERROR, error));
      }
      if (!saysHow && others != null) {
        // A line of a log may have an id, a misspelt error too: neither is to be taken for done.
        return Optional.of(new Answer(id, Kind.ERROR, utf8(saysNothing(others))));
      }
      return Optional.of(new Answer(id, Kind.RESULT, result));
    }

    private static String saysNothing(Set<String> others) {
      String text = String.join(", ", others);
      return "the child's line about this item has none of result, error and bury, but "
          + (text.length() > 200 ? text.substring(0, 200) + "..." : text)
          + (SENT.containsAll(others) ? ", which it was sent" : "")
          + "; an item that is done without a result is {\"id\":\"...\",\"result\":null}";
    }

    private static byte[] utf8(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Strict as RFC 8259, but for bytes in strings that are not UTF-8: they pass as they are. */
  private static final class Parser {
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
      Fields fields = new Fields();
      if (end - at >= 3 && bytes[at] == -17 && bytes[at + 1] == -69 && bytes[at + 2] == -65) {
        at += 3; // a byte order mark, which some runtimes write before their first line
      }
      expect('{');
      if (!next('}')) {
        do {
          blank();
          String name = new String(string(), StandardCharsets.UTF_8);
          expect(':');
          blank();
          boolean text = at < end && bytes[at] == '"';
          fields.take(name, value(), text);
        } while (next(','));
        expect('}');
      }
      blank();
      return at == end ? fields.answer() : Optional.empty();
    }

    private byte @Nullable [] value() {
      if (bytes[at] == '"') {
        return string();
      }
      int begin = at;
      skip();
      byte[] text = Arrays.copyOfRange(bytes, begin, at);
      return text.length == 4 && text[0] == 'n' ? null : text;
    }

    /** Over one value, however deep: refusing one would leave its item without an answer. */
    private void skip() {
      BitSet objects = new BitSet();
      int depth = 0;
      do {
        blank();
        if (at >= end) {
          throw new IllegalArgumentException("value without end");
        }
        if (bytes[at] == '{' || bytes[at] == '[') {
          boolean object = bytes[at++] == '{';
          if (!next(object ? '}' : ']')) {
            objects.set(++depth, object);
            name(object);
            continue;
          }
        } else {
          scalar();
        }
        while (depth > 0 && !next(',')) {
          expect(objects.get(depth--) ? '}' : ']');
        }
        name(depth > 0 && objects.get(depth));
      } while (depth > 0);
    }

    private void name(boolean object) {
      if (object) {
        blank();
        string();
        expect(':');
      }
    }

    private void scalar() {
      switch (bytes[at]) {
        case '"' -> string();
        case 't' -> word("true");
        case 'f' -> word("false");
        case 'n' -> word("null");
        // No JSON, but what Python's json writes of such numbers.
        case 'N' -> word("NaN");
        case 'I' -> word("Infinity");
        default -> {
          if (bytes[at] == '-' && at + 1 < end && bytes[at + 1] == 'I') {
            word("-Infinity");
          } else {
            number();
          }
        }
      }
    }

    private void number() {
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
