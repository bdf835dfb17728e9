package dev.piecework.job.process;

import java.util.Map;

/**
 * {@code $(NAME)}, as Kubernetes expands it: what is not known stays, {@code $$} is a {@code $}.
 */
final class Expansion {
  private Expansion() {}

  static String of(String text, Map<String, String> variables) {
    if (text.indexOf('$') < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '$' || i + 1 == text.length()) {
        out.append(c);
      } else if (text.charAt(i + 1) == '$') {
        out.append('$');
        i++;
      } else if (text.charAt(i + 1) == '(' && text.indexOf(')', i) > 0) {
        int end = text.indexOf(')', i);
        String name = text.substring(i + 2, end);
        String value = variables.get(name);
        out.append(value == null ? text.substring(i, end + 1) : value);
        i = end;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
