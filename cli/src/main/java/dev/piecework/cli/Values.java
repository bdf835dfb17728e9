package dev.piecework.cli;

import dev.piecework.HumanDuration;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Option values as people write them. */
final class Values {

  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,12})\\s*([kmgt]?)(i?b?)", Pattern.CASE_INSENSITIVE);

  private Values() {}

  static Duration duration(String text) {
    try {
      return HumanDuration.parse(text);
    } catch (IllegalArgumentException wrong) {
      throw new TypeConversionException(wrong.getMessage());
    }
  }

  /** The shortest and the longest back-off: {@code 1s..1m}, or one duration for both. */
  record Backoff(Duration min, Duration max) {
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
  record Size(long bytes) {
    static Size parse(String text) {
      Matcher matcher = SIZE.matcher(text);
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is not a size; write it like 500000, 64k, 1MiB or 2G");
      }
      int power =
          switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "k" -> 1;
            case "m" -> 2;
            case "g" -> 3;
            case "t" -> 4;
            default -> 0;
          };
      return new Size(Long.parseLong(matcher.group(1)) << (10 * power));
    }
  }
}
