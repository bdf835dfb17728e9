package dev.piecework.internal.state;

/**
 * What is remembered of an item that came back.
 *
 * @param failed attempts that failed and were counted
 * @param losses workers that died while holding it
 * @param notYet times it was put off uncounted
 */
public record Tries(int failed, int losses, int notYet) {

  public static final Tries NONE = new Tries(0, 0, 0);

  /** The number of the attempt that comes now. */
  public int attempt() {
    return 1 + failed + losses + notYet;
  }

  /** Reads the text that scripts store: three counts with a space between. */
  public static Tries parse(String text) {
    int first = text.indexOf(' ');
    int second = text.indexOf(' ', first + 1);
    return new Tries(
        Integer.parseInt(text, 0, first, 10),
        Integer.parseInt(text, first + 1, second, 10),
        Integer.parseInt(text, second + 1, text.length(), 10));
  }
}
