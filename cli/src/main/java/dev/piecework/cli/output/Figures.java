package dev.piecework.cli.output;

import java.time.Duration;
import java.util.Locale;

/** Numbers and times for people. */
public final class Figures {

  private Figures() {}

  /** With commas between thousands. By hand: the first grouping format of a JVM takes it 50 ms. */
  public static String number(long number) {
    StringBuilder text = new StringBuilder(Long.toString(number));
    int first = number < 0 ? 1 : 0;
    for (int at = text.length() - 3; at > first; at -= 3) {
      text.insert(at, ',');
    }
    return text.toString();
  }

  /** "1 item", "2 items". */
  public static String count(long number, String thing) {
    return number(number) + " " + thing + (number == 1 ? "" : "s");
  }

  /** Items per second; per minute or hour when there are few. */
  static String rate(double perSecond) {
    if (perSecond >= 100) {
      return number(Math.round(perSecond)) + "/s";
    }
    if (perSecond >= 1) {
      return String.format(Locale.ROOT, "%.1f/s", perSecond);
    }
    if (perSecond * 60 >= 1) {
      return String.format(Locale.ROOT, "%.1f/min", perSecond * 60);
    }
    return perSecond <= 0 ? "0/s" : String.format(Locale.ROOT, "%.1f/h", perSecond * 3600);
  }

  /** Two units at most: "850ms", "12s", "3m05s", "2h07m", "4d3h". */
  public static String time(Duration duration) {
    long millis = Math.abs(duration.toMillis());
    if (millis < 1_000) {
      return millis + "ms";
    }
    long seconds = millis / 1_000;
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3_600) {
      return seconds / 60 + "m" + twoDigits(seconds % 60) + "s";
    }
    if (seconds < 86_400) {
      return seconds / 3_600 + "h" + twoDigits(seconds % 3_600 / 60) + "m";
    }
    return seconds / 86_400 + "d" + seconds % 86_400 / 3_600 + "h";
  }

  private static String twoDigits(long number) {
    return number < 10 ? "0" + number : Long.toString(number);
  }

  public static String bytes(long bytes) {
    String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    double size = bytes;
    while (size >= 1_024 && unit < units.length - 1) {
      size /= 1_024;
      unit++;
    }
    return unit == 0
        ? bytes + " bytes"
        : String.format(Locale.ROOT, size < 10 ? "%.1f %s" : "%.0f %s", size, units[unit]);
  }
}
