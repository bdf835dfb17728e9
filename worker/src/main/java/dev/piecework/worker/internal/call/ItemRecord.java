package dev.piecework.worker.internal.call;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A payload that is a JSON object, and where its fields are in it.
 *
 * <p>A reader of our own because this library depends on next to nothing, and because only the
 * fields that are wanted become anything else than bytes in place. What is inside the value of a
 * field is looked at no closer than is needed to find its end.
 */
public final class ItemRecord {

  private static final int MOST_NAMES = 20;
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  private final byte[] json;
  private final int end;
  private int at;

  /** Of each field: where its name begins and ends, without quotes; its value, with them. */
  private int[] spans = new int[32];

  private int size;

  private ItemRecord(byte[] json, int from, int end) {
    this.json = json;
    this.at = from;
    this.end = end;
  }

  /** Null for a payload that is no JSON object. */
  public static @Nullable ItemRecord of(byte[] payload) {
    return of(payload, 0, payload.length);
  }

  private static @Nullable ItemRecord of(byte[] json, int from, int end) {
    ItemRecord record = new ItemRecord(json, from, end);
    return record.scan() ? record : null;
  }

  /** The field's text; of what is no text the JSON. Null where there is no field, or a null. */
  public byte @Nullable [] value(FieldName name) {
    int field = find(name.bytes());
    if (field < 0 && name.position() > 0 && name.position() <= size) {
      field = name.position() - 1;
    }
    if (field >= 0) {
      return isNull(field) ? null : bytes(field);
    }
    byte[] first = name.first();
    FieldName rest = name.rest();
    int outer = first == null ? -1 : find(first);
    if (outer < 0 || rest == null) {
      return null;
    }
    ItemRecord inner = of(json, spans[4 * outer + 2], spans[4 * outer + 3]);
    return inner == null ? null : inner.value(rest);
  }

  /** Its fields as {@code ITEM_NAME=value}, without those that are null. */
  public List<byte[]> variables() {
    List<byte[]> all = new ArrayList<>(size);
    byName()
        .forEach((name, field) -> {
          if (!isNull(field)) {
            ByteArrayOutputStream variable = new ByteArrayOutputStream();
            variable.writeBytes(FieldName.variable(name).getBytes(StandardCharsets.US_ASCII));
            variable.write('=');
            variable.writeBytes(bytes(field));
            all.add(variable.toByteArray());
          }
        });
    return all;
  }

  /** Why they are not variables, if there are two of one name. */
  @Nullable String clash() {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String name : byName().keySet()) {
      String other = fields.put(FieldName.variable(name), name);
      if (other != null) {
        return "its fields '" + other + "' and '" + name + "' are both " + FieldName.variable(name);
      }
    }
    return null;
  }

  /** The names of its fields, for a message. */
  public String names() {
    List<String> names = List.copyOf(byName().keySet());
    return names.isEmpty()
        ? "none"
        : String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMES)))
            + (names.size() > MOST_NAMES ? ", ..." : "");
  }

  /** Of several fields of one name the last counts, as most readers have it. */
  private Map<String, Integer> byName() {
    Map<String, Integer> all = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      all.put(new String(text(spans[4 * i], spans[4 * i + 1]), StandardCharsets.UTF_8), i);
    }
    return all;
  }

  private int find(byte[] name) {
    for (int i = size - 1; i >= 0; i--) {
      int from = spans[4 * i];
      int to = spans[4 * i + 1];
      if (Arrays.equals(json, from, to, name, 0, name.length)) {
        return i;
      }
      if (indexOfEscape(from, to) >= 0 && Arrays.equals(text(from, to), name)) {
        return i;
      }
    }
    return -1;
  }

  private boolean isNull(int field) {
    return Arrays.equals(json, spans[4 * field + 2], spans[4 * field + 3], NULL, 0, NULL.length);
  }

  private byte[] bytes(int field) {
    int from = spans[4 * field + 2];
    int to = spans[4 * field + 3];
    return json[from] == '"' ? text(from + 1, to - 1) : Arrays.copyOfRange(json, from, to);
  }

  private boolean scan() {
    skipSpace();
    if (!take('{')) {
      return false;
    }
    skipSpace();
    if (take('}')) {
      return isOver();
    }
    do {
      skipSpace();
      int name = at;
      if (!skipText()) {
        return false;
      }
      int nameEnd = at;
      skipSpace();
      if (!take(':')) {
        return false;
      }
      skipSpace();
      int value = at;
      if (!skipValue()) {
        return false;
      }
      add(name + 1, nameEnd - 1, value);
      skipSpace();
    } while (take(','));
    return take('}') && isOver();
  }

  private void add(int name, int nameEnd, int value) {
    if (4 * size == spans.length) {
      spans = Arrays.copyOf(spans, 2 * spans.length);
    }
    spans[4 * size] = name;
    spans[4 * size + 1] = nameEnd;
    spans[4 * size + 2] = value;
    spans[4 * size + 3] = at;
    size++;
  }

  private boolean isOver() {
    skipSpace();
    return at == end;
  }

  private void skipSpace() {
    while (at < end
        && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
      at++;
    }
  }

  private boolean take(char wanted) {
    if (at < end && json[at] == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private boolean skipText() {
    if (!take('"')) {
      return false;
    }
    while (at < end) {
      byte b = json[at++];
      if (b == '"') {
        return true;
      }
      if (b == '\\') {
        at++;
      } else if (b >= 0 && b < ' ') {
        return false;
      }
    }
    return false;
  }

  private boolean skipValue() {
    if (at == end) {
      return false;
    }
    return switch (json[at]) {
      case '"' -> skipText();
      case '{', '[' -> skipNested();
      default -> skipScalar();
    };
  }

  private boolean skipNested() {
    int depth = 0;
    while (at < end) {
      switch (json[at]) {
        case '"' -> {
          if (!skipText()) {
            return false;
          }
        }
        case '{', '[' -> {
          depth++;
          at++;
        }
        case '}', ']' -> {
          at++;
          if (--depth == 0) {
            return true;
          }
        }
        default -> at++;
      }
    }
    return false;
  }

  /** A number, or true, false, null. */
  private boolean skipScalar() {
    int from = at;
    while (at < end && (Character.isLetterOrDigit(json[at]) || "+-.".indexOf(json[at]) >= 0)) {
      at++;
    }
    byte first = from < end ? json[from] : 0;
    if (first == '-' || (first >= '0' && first <= '9')) {
      return true;
    }
    String word = new String(json, from, at - from, StandardCharsets.ISO_8859_1);
    return word.equals("true") || word.equals("false") || word.equals("null");
  }

  private int indexOfEscape(int from, int to) {
    for (int i = from; i < to; i++) {
      if (json[i] == '\\') {
        return i;
      }
    }
    return -1;
  }

  /** A text in quotes, without them and its escapes. */
  private byte[] text(int from, int to) {
    int escape = indexOfEscape(from, to);
    if (escape < 0) {
      return Arrays.copyOfRange(json, from, to);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(to - from);
    int i = from;
    while (i < to) {
      byte b = json[i++];
      if (b != '\\' || i == to) {
        out.write(b);
        continue;
      }
      byte kind = json[i++];
      int unit = kind == 'u' ? hex(i, to) : -1;
      if (unit < 0) {
        out.write(escaped(kind));
        continue;
      }
      i += 4;
      int code = unit;
      if (Character.isHighSurrogate((char) unit) && i + 1 < to && json[i + 1] == 'u') {
        int low = hex(i + 2, to);
        if (json[i] == '\\' && low >= 0 && Character.isLowSurrogate((char) low)) {
          code = Character.toCodePoint((char) unit, (char) low);
          i += 6;
        }
      }
      boolean alone = code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
      out.writeBytes(Character.toString(alone ? 0xfffd : code).getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  private int hex(int from, int to) {
    if (from + 4 > to) {
      return -1;
    }
    int unit = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = Character.digit(json[i], 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }

  private static int escaped(byte kind) {
    return switch (kind) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      default -> kind;
    };
  }
}
