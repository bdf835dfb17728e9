package dev.piecework;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers of bytes as people write them: {@code 500000}, {@code 64k}, {@code 1MiB}, {@code 2G}; k
 * is 1,024.
 */
public final class HumanSize {

  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,19})\\s*([kmgt]?)(i?b?)", Pattern.CASE_INSENSITIVE);
  private static final String UNITS = " kmgt";

  private HumanSize() {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException naming the text, and how it should look, or that it is more
   *     than can be counted
   */
  public static long parse(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a size; write it like 500000, 64k, 1MiB or 2G");
    }
    String unit = matcher.group(2).toLowerCase(Locale.ROOT);
    long bytes = unit.isEmpty() ? 1 : 1L << (10 * UNITS.indexOf(unit));
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), bytes);
    } catch (ArithmeticException | NumberFormatException tooMuch) {
      throw new IllegalArgumentException(
          "'" + text + "' is more than the largest size, 8388607t", tooMuch);
    }
  }

  /** Writes one so that {@link #parse} reads it back, in the largest unit that is exact. */
  public static String format(long bytes) {
    int power = 0;
    long left = bytes;
    while (left != 0 && left % 1_024 == 0 && power < UNITS.length() - 1) {
      left /= 1_024;
      power++;
    }
    return left + UNITS.substring(power, power + 1).strip();
  }
}
