package dev.piecework.cli.input;

import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/**
 * How many records are a sample of all.
 *
 * @param text as it was given: {@code 1%}, {@code 50}
 */
public record SampleSize(String text) {

  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,8}");
  private static final Pattern PART = Pattern.compile("\\d{1,2}(\\.\\d{1,6})?%");

  public SampleSize {
    if (!isOne(text)) {
      throw Refusal.usage(
          "--sample "
              + Printable.typed(text, 60)
              + ": neither a number of items from 1 on, nor a part of all such as 1%, above 0 and"
              + " below 100");
    }
  }

  private static boolean isOne(String text) {
    return NUMBER.matcher(text).matches()
        || (PART.matcher(text).matches() && part(text).signum() > 0);
  }

  private static BigDecimal part(String text) {
    return new BigDecimal(text.substring(0, text.length() - 1)).movePointLeft(2);
  }

  /** At least one, and not more than there are. */
  int of(int all) {
    if (!text.endsWith("%")) {
      return Math.min(Integer.parseInt(text), all);
    }
    return part(text)
        .multiply(BigDecimal.valueOf(all))
        .setScale(0, RoundingMode.CEILING)
        .intValueExact();
  }
}
