package dev.piecework.cli.verb;

/** How many columns of a terminal a text takes. What is printable only: see {@link Printable}. */
public final class Columns {

  private Columns() {}

  public static int of(String text) {
    return text.codePoints().map(Columns::of).sum();
  }

  /** The text, or as much of it as fits, and a sign that there is more. */
  public static String cut(String text, int columns) {
    if (text.length() * 2 <= columns || of(text) <= columns) {
      return text;
    }
    StringBuilder fits = new StringBuilder();
    int taken = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      taken += of(point);
      if (taken > columns - 1) {
        break;
      }
      fits.appendCodePoint(point);
      i += Character.charCount(point);
    }
    return columns < 1 ? "" : fits.append('…').toString();
  }

  private static int of(int point) {
    if (point < 0x300) {
      return 1;
    }
    int type = Character.getType(point);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    return isWide(point) ? 2 : 1;
  }

  private static boolean isWide(int point) {
    boolean form =
        (point >= 0x3000 && point <= 0x303e)
            || (point >= 0xff01 && point <= 0xff60)
            || (point >= 0xffe0 && point <= 0xffe6);
    return form
        || Character.isEmojiPresentation(point)
        || switch (Character.UnicodeScript.of(point)) {
          case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO, YI -> point < 0xff61 || point > 0xffdc;
          default -> false;
        };
  }
}
