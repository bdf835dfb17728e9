package dev.piecework.embedded;

import java.nio.charset.StandardCharsets;

/** The text of a configuration file, every argument quoted as Redis reads it. */
final class ConfigFile {
  private final StringBuilder text = new StringBuilder();

  ConfigFile line(String name, String... values) {
    text.append(name);
    for (String value : values) {
      text.append(' ').append(quoted(value));
    }
    text.append('\n');
    return this;
  }

  private static String quoted(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      if (b == '"' || b == '\\' || b < ' ' || b == 127) {
        quoted.append(String.format("\\x%02x", b & 0xff));
      } else {
        quoted.append((char) b);
      }
    }
    return quoted.append('"').toString();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
