package dev.piecework.worker.process;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.internal.call.FieldName;
import dev.piecework.worker.internal.call.ItemRecord;
import dev.piecework.worker.internal.session.SystemText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One argument of a command, with the places in it found once. The bytes that are put in are not
 * looked at again.
 */
final class ArgumentTemplate {

  /** Whether a payload, or a part of one, comes in by a place, and how it is written. */
  private enum Place {
    PAYLOAD("{}", true),
    WITHOUT_EXTENSION("{.}", true),
    NAME("{/}", true),
    FOLDER("{//}", true),
    NAME_WITHOUT_EXTENSION("{/.}", true),
    ID("{id}", false),
    ATTEMPT("{attempt}", false),
    SLOT("{slot}", false),
    /** Found by what may be in its braces. */
    FIELD("", true);

    private final String word;
    private final boolean ofPayload;

    Place(String word, boolean ofPayload) {
      this.word = word;
      this.ofPayload = ofPayload;
    }
  }

  /** Bytes as they are, or a place. */
  private record Part(byte[] bytes, @Nullable Place place, @Nullable FieldName field) {}

  private final byte[] text;
  private final List<Part> parts = new ArrayList<>();

  /** An argument without places, whatever it looks like. */
  static ArgumentTemplate literal(String text) {
    return new ArgumentTemplate(text);
  }

  /**
   * @param payload what stands for the whole payload: {@code {}} unless it was asked for another
   * @param fields whether the names of fields in braces are places
   */
  static ArgumentTemplate of(String text, String payload, boolean fields) {
    ArgumentTemplate template = new ArgumentTemplate(text);
    template.findPlaces(text, payload, fields);
    return template;
  }

  private ArgumentTemplate(String text) {
    this.text = SystemText.bytes(text);
  }

  private void findPlaces(String argument, String payload, boolean fields) {
    int from = 0;
    int at = 0;
    while (at < argument.length()) {
      Place place = placeAt(argument, at, payload);
      FieldName field = place == null && fields ? FieldName.at(argument, at) : null;
      if (place == null && field == null) {
        at++;
        continue;
      }
      addLiteral(argument.substring(from, at));
      if (field != null) {
        parts.add(new Part(new byte[0], Place.FIELD, field));
        at += field.text().length() + 2;
      } else if (place != null) {
        parts.add(new Part(new byte[0], place, null));
        at += (place == Place.PAYLOAD ? payload : place.word).length();
      }
      from = at;
    }
    if (from > 0) {
      addLiteral(argument.substring(from));
    }
  }

  private static @Nullable Place placeAt(String argument, int at, String payload) {
    if (argument.startsWith(payload, at)) {
      return Place.PAYLOAD;
    }
    for (Place place : Place.values()) {
      if (place != Place.PAYLOAD && place != Place.FIELD && argument.startsWith(place.word, at)) {
        return place;
      }
    }
    return null;
  }

  private void addLiteral(String part) {
    if (!part.isEmpty()) {
      parts.add(new Part(SystemText.bytes(part), null, null));
    }
  }

  /** Whether the payload, or a part of it, comes in here. */
  boolean hasPayload() {
    return parts.stream().anyMatch(part -> part.place != null && part.place.ofPayload);
  }

  /** Whether it differs from item to item. */
  boolean hasItem() {
    return hasPayload()
        || parts.stream().anyMatch(p -> p.place == Place.ID || p.place == Place.ATTEMPT);
  }

  /** Whether a text that others may have written comes in here: a payload, or an id. */
  boolean hasForeignText() {
    return hasPayload() || parts.stream().anyMatch(part -> part.place == Place.ID);
  }

  /** The fields that come in here. */
  List<FieldName> fields() {
    return parts.stream().map(Part::field).filter(Objects::nonNull).toList();
  }

  /** For the command as it is started once for many items: {@link #hasItem} is false. */
  byte[] filled(int slot) {
    return parts.isEmpty() ? text : filled(new Attempt("", new byte[0], 1, 0), slot, null);
  }

  /**
   * @param record what the payload is, with each of {@link #fields}; null only where there are none
   */
  byte[] filled(Attempt attempt, int slot, @Nullable ItemRecord record) {
    if (parts.isEmpty()) {
      return text;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + attempt.payload().length);
    for (Part part : parts) {
      if (part.field != null) {
        out.writeBytes(filling(part.field, record));
      } else {
        out.writeBytes(part.place == null ? part.bytes : filling(part.place, attempt, slot));
      }
    }
    return out.toByteArray();
  }

  private static byte[] filling(FieldName field, @Nullable ItemRecord record) {
    byte[] value = record == null ? null : record.value(field);
    if (value == null) {
      throw new IllegalStateException("field '" + field.text() + "': the record has none");
    }
    return value;
  }

  private static byte[] filling(Place place, Attempt attempt, int slot) {
    byte[] payload = attempt.payload();
    return switch (place) {
      case PAYLOAD, FIELD -> payload;
      case WITHOUT_EXTENSION -> withoutExtension(payload);
      case NAME -> name(payload);
      case FOLDER -> folder(payload);
      case NAME_WITHOUT_EXTENSION -> withoutExtension(name(payload));
      case ID -> attempt.id().getBytes(StandardCharsets.UTF_8);
      case ATTEMPT -> Integer.toString(attempt.number()).getBytes(StandardCharsets.US_ASCII);
      case SLOT -> Integer.toString(slot).getBytes(StandardCharsets.US_ASCII);
    };
  }

  /** The name at the end of a path, as basename(1) has it. */
  private static byte[] name(byte[] path) {
    int end = withoutSlashes(path, path.length);
    return end == 0 && path.length > 0 ? new byte[] {'/'} : range(path, slash(path, end) + 1, end);
  }

  /** The folder of a path, as dirname(1) has it. */
  private static byte[] folder(byte[] path) {
    int end = withoutSlashes(path, path.length);
    int slash = slash(path, end);
    if (slash < 0) {
      return new byte[] {(byte) (end == 0 && path.length > 0 ? '/' : '.')};
    }
    end = withoutSlashes(path, slash);
    return end == 0 ? new byte[] {'/'} : range(path, 0, end);
  }

  /** Without the last dot of the name and what follows; a name's first character is never one. */
  private static byte[] withoutExtension(byte[] path) {
    for (int i = path.length - 1; i > 0 && path[i] != '/' && path[i - 1] != '/'; i--) {
      if (path[i] == '.') {
        return range(path, 0, i);
      }
    }
    return path;
  }

  private static int withoutSlashes(byte[] path, int end) {
    int at = end;
    while (at > 0 && path[at - 1] == '/') {
      at--;
    }
    return at;
  }

  private static int slash(byte[] path, int end) {
    int at = end - 1;
    while (at >= 0 && path[at] != '/') {
      at--;
    }
    return at;
  }

  private static byte[] range(byte[] bytes, int from, int end) {
    return Arrays.copyOfRange(bytes, from, end);
  }
}
