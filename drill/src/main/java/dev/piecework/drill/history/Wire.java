package dev.piecework.drill.history;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Redis values as text, in fields with tabs between: bytes are themselves where they are printable
 * ASCII and {@code %XX} elsewhere, a number begins with a colon, {@code %0} is nothing and {@code
 * %-} an empty value, and a list stands between {@code (} and {@code )}.
 */
final class Wire {

  private static final String HEX = "0123456789ABCDEF";

  private Wire() {}

  static void write(StringBuilder line, @Nullable Object value) {
    line.append('\t');
    switch (value) {
      case null -> line.append("%0");
      case byte[] bytes -> bytes(line, bytes);
      case Long number -> line.append(':').append(number.longValue());
      case List<?> list -> {
        line.append('(');
        list.forEach(element -> write(line, element));
        line.append("\t)");
      }
      default -> bytes(line, String.valueOf(value).getBytes(ISO_8859_1));
    }
  }

  private static void bytes(StringBuilder line, byte[] bytes) {
    if (bytes.length == 0) {
      line.append("%-");
    }
    for (byte each : bytes) {
      char c = (char) (each & 0xff);
      if (c <= ' ' || c > '~' || c == '%' || c == '(' || c == ')' || c == ':') {
        line.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      } else {
        line.append(c);
      }
    }
  }

  /** Reads fields from an index on: text (one char per byte), Long, List or null. */
  static List<@Nullable Object> read(String[] fields, int from) {
    Deque<List<@Nullable Object>> open = new ArrayDeque<>();
    List<@Nullable Object> current = new ArrayList<>();
    for (int i = from; i < fields.length; i++) {
      String field = fields[i];
      switch (field) {
        case "(" -> {
          open.push(current);
          current = new ArrayList<>();
        }
        case ")" -> {
          List<@Nullable Object> whole = current;
          current = open.pop();
          current.add(whole);
        }
        default -> current.add(one(field));
      }
    }
    return current;
  }

  private static @Nullable Object one(String field) {
    if (field.equals("%0")) {
      return null;
    }
    if (field.equals("%-")) {
      return "";
    }
    if (field.startsWith(":")) {
      return Long.valueOf(field.substring(1));
    }
    if (field.indexOf('%') < 0) {
      return field;
    }
    StringBuilder text = new StringBuilder(field.length());
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '%') {
        text.append((char) Integer.parseInt(field, i + 1, i + 3, 16));
        i += 2;
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
