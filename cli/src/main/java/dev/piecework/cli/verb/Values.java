package dev.piecework.cli.verb;

import dev.piecework.HumanDuration;
import dev.piecework.HumanSize;
import java.time.Duration;
import java.util.regex.Pattern;
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
  public record Backoff(Duration min, Duration max) {
    static Backoff parse(String text) {
      int dots = text.indexOf("..");
      Duration min = duration(dots < 0 ? text : text.substring(0, dots));
      Duration max = dots < 0 ? min : duration(text.substring(dots + 2));
      if (max.compareTo(min) < 0) {
        throw new TypeConversionException("'" + text + "' ends below its start");
      }
      return new Backoff(min, max);
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

    /** For what is counted in less than two thousand millions. */
    public int bytesAtMost(String name, int most) {
      if (bytes > most) {
        throw new IllegalArgumentException(
            name + " is at most " + HumanSize.format(most) + ", not " + HumanSize.format(bytes));
      }
      return (int) bytes;
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
