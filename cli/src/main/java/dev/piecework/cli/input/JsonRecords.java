package dev.piecework.cli.input;

import dev.piecework.Item;
import dev.piecework.cli.output.Json;
import dev.piecework.cli.verb.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * One JSON value per line. The payload is the line as it was written; but an object of exactly
 * {@code payload} or {@code payloadBase64}, with or without {@code id}, is unpacked: this is how
 * any bytes at all come in. Blank lines are skipped.
 */
final class JsonRecords implements RecordReader {

  private static final Set<Set<String>> WRAPPED =
      Set.of(
          Set.of("payload"),
          Set.of("payloadBase64"),
          Set.of("id", "payload"),
          Set.of("id", "payloadBase64"));

  private final ByteRecords lines;
  private final @Nullable String idField;
  private byte @Nullable [] last;

  JsonRecords(ByteRecords lines, @Nullable String idField) {
    this.lines = lines;
    this.idField = idField;
  }

  @Override
  public @Nullable Item next() throws IOException {
    boolean first = lines.count() == 0;
    byte[] line = lines.next();
    if (first && line != null) {
      line = LineRecords.withoutMark(line);
    }
    while (line != null && LineRecords.isBlank(line)) {
      line = lines.next();
    }
    last = line;
    return line == null ? null : item(line);
  }

  @Override
  public @Nullable String field(String name) {
    byte[] line = last;
    if (line == null) {
      return null;
    }
    try (JsonParser parser = Json.FACTORY.createParser(ObjectReadContext.empty(), line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        boolean wanted = name.equals(parser.currentName());
        JsonToken value = parser.nextToken();
        if (wanted) {
          return value == JsonToken.VALUE_STRING
                  || value == JsonToken.VALUE_NUMBER_INT
                  || value == JsonToken.VALUE_NUMBER_FLOAT
              ? parser.getString()
              : null;
        }
        parser.skipChildren();
      }
      return null;
    } catch (JacksonException broken) {
      throw wrong("is not JSON: " + broken.getOriginalMessage(), broken);
    }
  }

  /** The names of the fields of a record; none of what is no record. */
  static List<String> names(byte[] payload) {
    List<String> names = new ArrayList<>();
    try (JsonParser parser = Json.FACTORY.createParser(ObjectReadContext.empty(), payload)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          names.add(parser.currentName());
          parser.nextToken();
          parser.skipChildren();
        }
      }
    } catch (JacksonException broken) {
      // A text that was unwrapped: it has none.
    }
    return names;
  }

  private Item item(byte[] line) {
    Map<String, String> scalars = new HashMap<>();
    boolean flat = read(line, scalars);
    boolean wrapped = flat && WRAPPED.contains(scalars.keySet());
    String id = idField != null ? scalars.get(idField) : wrapped ? scalars.get("id") : null;
    if (idField != null && id == null) {
      throw wrong("has no field '" + idField + "' with text or a number", null);
    }
    Item item = Item.of(wrapped ? unwrapped(scalars) : line);
    try {
      return id == null ? item : item.withId(id);
    } catch (IllegalArgumentException refused) {
      throw wrong(String.valueOf(refused.getMessage()), refused);
    }
  }

  /** Collects the texts and numbers at the top; false when there is anything else. */
  private boolean read(byte[] line, Map<String, String> scalars) {
    boolean flat = true;
    try (JsonParser parser = Json.FACTORY.createParser(ObjectReadContext.empty(), line)) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_OBJECT) {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          JsonToken value = parser.nextToken();
          if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
            scalars.put(name, parser.getString());
          } else {
            flat = false;
            parser.skipChildren();
          }
        }
      } else {
        flat = false;
        parser.skipChildren();
      }
      if (parser.nextToken() != null) {
        throw wrong("holds more than one JSON value", null);
      }
    } catch (JacksonException broken) {
      throw wrong("is not JSON: " + broken.getOriginalMessage(), broken);
    }
    return flat;
  }

  private byte[] unwrapped(Map<String, String> scalars) {
    String text = scalars.get("payload");
    if (text != null) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    try {
      return Base64.getDecoder().decode(scalars.getOrDefault("payloadBase64", ""));
    } catch (IllegalArgumentException broken) {
      throw wrong("has a payloadBase64 that is not Base64: " + broken.getMessage(), broken);
    }
  }

  private Refusal wrong(String what, @Nullable Throwable cause) {
    String message = "line " + lines.count() + " " + what;
    return cause == null ? Refusal.usage(message) : Refusal.usage(message, cause);
  }
}
