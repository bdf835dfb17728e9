package dev.piecework.cli.verb;

import dev.piecework.HumanDuration;
import dev.piecework.HumanSize;
import dev.piecework.QueueSettings.Backoff;
import dev.piecework.StopEarly;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** Option values as people write them. */
public final class Values {

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+");

  private Values() {}

  static Duration duration(String text) {
    try {
      return HumanDuration.parse(text);
    } catch (IllegalArgumentException wrong) {
      throw new TypeConversionException(wrong.getMessage());
    }
  }

  /** The shortest and the longest back-off: {@code 1s..1m}, or one duration for both. */
  static Backoff backoff(String text) {
    Backoff read;
    try {
      read = Backoff.parse(text);
    } catch (IllegalArgumentException wrong) {
      throw new TypeConversionException(wrong.getMessage());
    }
    if (read.max().compareTo(read.min()) < 0) {
      throw new TypeConversionException("'" + text + "' ends below its start");
    }
    return read;
  }

  /** {@code auto}, {@code off}, a number of dead items or a share of all. */
  static StopEarly stopEarly(String text) {
    try {
      return StopEarly.parse(text);
    } catch (IllegalArgumentException wrong) {
      throw new TypeConversionException(wrong.getMessage());
    }
  }

  /** A number of bytes: {@code 1048576}, {@code 64k}, {@code 1MiB}, {@code 2G}; k is 1,024. */
  public record Size(long bytes) {
    static Size parse(String text) {
      try {
        return new Size(HumanSize.parse(text));
      } catch (IllegalArgumentException wrong) {
        throw new TypeConversionException(wrong.getMessage());
      }
    }
  }

  /**
   * How long something may take: {@code 1m}, or a share of the median of what has taken its time,
   * {@code 300%}, perhaps with how long it may take in any case: {@code 300%,10s}.
   *
   * @param fixed null where it is a share
   * @param share 3 for three times the median
   * @param least of a share
   */
  public record TimeLimit(@Nullable Duration fixed, double share, Duration least) {

    private static final Pattern SHARE = Pattern.compile("(\\d{1,7})%(?:,(.*))?");

    static TimeLimit parse(String text) {
      Matcher words = SHARE.matcher(text);
      if (!words.matches()) {
        return new TimeLimit(duration(text), 0, Duration.ZERO);
      }
      double share = Integer.parseInt(words.group(1)) / 100.0;
      if (share <= 1) {
        throw new TypeConversionException(
            "'" + text + "': half of all take the median or longer, so it is above 100%");
      }
      String least = words.group(2);
      return new TimeLimit(null, share, least == null ? Duration.ZERO : duration(least));
    }

    /** As it is written. */
    public String text() {
      return fixed != null
          ? HumanDuration.format(fixed)
          : Math.round(share * 100)
              + "%"
              + (least.isZero() ? "" : "," + HumanDuration.format(least));
    }
  }

  /** A whole number: digits, perhaps with a minus. Neither hexadecimal nor octal. */
  public static int number(String text) {
    return (int) number(text, Integer.MAX_VALUE);
  }

  /** Likewise a large one. */
  static long largeNumber(String text) {
    return number(text, Long.MAX_VALUE);
  }

  private static long number(String text, long most) {
    if (!NUMBER.matcher(text).matches()) {
      throw new TypeConversionException("'" + text + "' is not a whole number");
    }
    try {
      long number = Long.parseLong(text);
      if (number <= most && number >= -most) {
        return number;
      }
    } catch (NumberFormatException tooLarge) {
      // Said below.
    }
    throw new TypeConversionException("'" + text + "' is more than " + most);
  }
}
