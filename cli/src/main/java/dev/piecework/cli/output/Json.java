package dev.piecework.cli.output;

import dev.piecework.cli.verb.Printable;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes facts for programs. */
public final class Json {

  public static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /** One object on one line, without a newline. */
  public static String object(Consumer<JsonGenerator> properties) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      properties.accept(json);
      json.writeEndObject();
    }
    return text.toString();
  }

  /** Text as it is; bytes that are no text under NAME with "Base64" behind it. */
  public static void bytes(JsonGenerator json, String name, byte[] bytes) {
    Optional<String> text = Printable.strictText(bytes);
    if (text.isPresent()) {
      json.writeStringProperty(name, text.get());
    } else {
      json.writeStringProperty(name + "Base64", Base64.getEncoder().encodeToString(bytes));
    }
  }

  public static void seconds(JsonGenerator json, String name, @Nullable Duration duration) {
    if (duration == null) {
      json.writeNullProperty(name);
    } else {
      json.writeNumberProperty(name, duration.toMillis() / 1000.0);
    }
  }

  public static void text(JsonGenerator json, String name, @Nullable Object value) {
    if (value == null) {
      json.writeNullProperty(name);
    } else {
      json.writeStringProperty(name, value.toString());
    }
  }
}
