package dev.piecework.cli.verb;

import dev.piecework.HumanDuration;
import dev.piecework.HumanSize;
import dev.piecework.QueueSettings.Backoff;
import dev.piecework.StopEarly;
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
