package dev.piecework;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 500ms}, {@code 15s}, {@code 10m}, {@code 1h30m}, {@code
 * 7d}.
 */
public final class HumanDuration {

  private static final Pattern PART = Pattern.compile("(\\d{1,19}(?:\\.\\d{1,6})?)(ms|s|m|h|d)");

  /** 292 years, as many nanoseconds as can be counted. */
  public static final Duration LONGEST = Duration.ofMillis(Long.MAX_VALUE / 1_000_000);

  private HumanDuration() {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException naming the text, and how it should look, or that it is longer
   *     than can be counted
   */
  public static Duration parse(String text) {
    Matcher part = PART.matcher(text);
    double millis = 0;
    int end = 0;
    while (end < text.length() && part.find(end) && part.start() == end) {
      millis += Double.parseDouble(part.group(1)) * millisOf(part.group(2));
      end = part.end();
    }
    if (end == 0 || end != text.length()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a duration; write it like 500ms, 15s, 10m, 1h30m or 7d");
    }
    if (millis > LONGEST.toMillis()) {
      throw new IllegalArgumentException(
          "'" + text + "' is longer than the longest duration, " + LONGEST.toDays() + "d");
    }
    return Duration.ofMillis(Math.round(millis));
  }

  /** Writes one so that {@link #parse} reads it back, to the millisecond. */
  public static String format(Duration duration) {
    if (duration.abs().compareTo(LONGEST) > 0) {
      return duration.toSeconds() + "s";
    }
    if (duration.isNegative()) {
      return "-" + format(duration.negated());
    }
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    for (String unit : new String[] {"d", "h", "m", "s", "ms"}) {
      long size = millisOf(unit);
      if (millis >= size) {
        text.append(millis / size).append(unit);
        millis %= size;
      }
    }
    return text.toString();
  }

  private static long millisOf(String unit) {
    return switch (unit) {
      case "ms" -> 1;
      case "s" -> 1_000;
      case "m" -> 60_000;
      case "h" -> 3_600_000;
      case "d" -> 86_400_000;
      default -> throw new IllegalArgumentException("unit " + unit);
    };
  }
}
