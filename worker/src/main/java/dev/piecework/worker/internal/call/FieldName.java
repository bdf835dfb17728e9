package dev.piecework.worker.internal.call;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The name of a field in a place: letters, digits, {@code _} and {@code -}, with dots where fields
 * are inside each other. No other text in braces is one, so that most programs and what shells
 * expand stay what they are.
 */
public final class FieldName {

  private final String text;
  private final byte[] bytes;

  /** What is before the first dot, and behind it; null where there is none. */
  private final byte @Nullable [] first;

  private final @Nullable FieldName rest;
  private final int position;

  private FieldName(String text) {
    this.text = text;
    bytes = text.getBytes(StandardCharsets.UTF_8);
    int dot = text.indexOf('.');
    first = dot < 0 ? null : text.substring(0, dot).getBytes(StandardCharsets.UTF_8);
    rest = dot < 0 ? null : new FieldName(text.substring(dot + 1));
    position = text.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(text) : 0;
  }

  /** The name in the braces that begin there; null where it is none. */
  public static @Nullable FieldName at(String argument, int brace) {
    if (argument.charAt(brace) != '{' || (brace > 0 && argument.charAt(brace - 1) == '$')) {
      // Behind a dollar it is a variable of a shell.
      return null;
    }
    boolean begun = false;
    for (int i = brace + 1; i < argument.length(); i++) {
      char c = argument.charAt(i);
      if (c == '}') {
        return begun ? new FieldName(argument.substring(brace + 1, i)) : null;
      }
      if (c == '.' && begun) {
        begun = false;
      } else if (c == '_' || Character.isLetterOrDigit(c) || (c == '-' && begun)) {
        begun = true;
      } else {
        return null;
      }
    }
    return null;
  }

  public String text() {
    return text;
  }

  byte[] bytes() {
    return bytes;
  }

  byte @Nullable [] first() {
    return first;
  }

  @Nullable FieldName rest() {
    return rest;
  }

  /** Which field of a record it is where none has that name, from 1; 0 for none. */
  int position() {
    return position;
  }

  /**
   * The name of the variable that has the field of this name: {@code ITEM_}, and in capitals what a
   * variable's name may have, and {@code _} for the rest.
   */
  public static String variable(String field) {
    StringBuilder name = new StringBuilder("ITEM_");
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      boolean small = c >= 'a' && c <= 'z';
      boolean stays = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      name.append(small ? (char) (c - 'a' + 'A') : stays ? c : '_');
    }
    return name.toString();
  }
}
