package dev.piecework.kubernetes.manifest;

/** Text that the kubelet passes on as it is. */
final class Literal {

  private Literal() {}

  /**
   * In {@code args} and {@code env} the kubelet takes {@code $(NAME)} for a variable and {@code $$}
   * for one {@code $}: a command must mean the same there as on a laptop.
   */
  static String of(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      escaped.append(c);
      boolean special =
          c == '$'
              && i + 1 < text.length()
              && (text.charAt(i + 1) == '$' || text.charAt(i + 1) == '(');
      if (special) {
        escaped.append('$');
      }
    }
    return escaped.toString();
  }
}
