package dev.piecework.estimate;

import dev.piecework.estimate.EndEstimate.NothingLeft;
import dev.piecework.estimate.EndEstimate.OrderMatters;
import dev.piecework.estimate.EndEstimate.Range;
import dev.piecework.estimate.EndEstimate.Stall;
import dev.piecework.estimate.EndEstimate.Stalled;
import dev.piecework.estimate.EndEstimate.TooEarly;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** An estimate of the end for people. Pure. */
public final class EndText {

  /** What is nearer is told from now, what is farther by the clock. */
  private static final Duration NEAR = Duration.ofMinutes(20);

  private static final Duration WEEK = Duration.ofDays(6);

  private EndText() {}

  /**
   * Part of a sentence: "ends 14:05 to 14:40", "ends in 3 to 8 min", "too early to say when it
   * ends, not before 14:02"; empty where nothing is left.
   *
   * @param zone whose clock the reader looks at
   */
  public static String of(EndEstimate end, Instant now, ZoneId zone) {
    return switch (end) {
      case NothingLeft nothing -> "";
      case TooEarly early -> "too early to say when it ends" + atLeast(early.atLeast(), now, zone);
      case Range range -> "ends " + range(range, now, zone);
      case OrderMatters order ->
          "ends "
              + range(order.ifNot(), now, zone)
              + " if the rest is like what is done, but "
              + (order.grows()
                  ? "items take longer and longer: expect it later (a fill with --shuffle can be told)"
                  : "items take less and less time: expect it sooner");
      case Stalled stalled -> stalled(stalled);
    };
  }

  /**
   * In few characters, for a line that has more to say: "ETA 3m to 8m"; empty where nothing is
   * left.
   */
  public static String brief(EndEstimate end) {
    return switch (end) {
      case NothingLeft nothing -> "";
      case TooEarly early ->
          early.atLeast().toSeconds() < 1 ? "ETA ?" : "ETA over " + brief(early.atLeast());
      case Range range -> "ETA " + brief(range);
      case OrderMatters order ->
          "ETA " + brief(order.ifNot()) + (order.grows() ? " or later" : " or sooner");
      case Stalled stalled when stalled.why() == Stall.NOTHING_ENDS ->
          "stalled for " + brief(stalled.since());
      case Stalled stalled -> "ETA ?";
    };
  }

  private static String stalled(Stalled stalled) {
    return switch (stalled.why()) {
      case NO_WORKER -> "no worker is there";
      case NOTHING_IS_LEASED -> "nothing is leased, so it does not end";
      case NOTHING_ENDS ->
          "stalled: nothing has ended for " + number(stalled.since(), unit(stalled.since()));
    };
  }

  private static String atLeast(Duration atLeast, Instant now, ZoneId zone) {
    if (atLeast.toSeconds() < 1) {
      return "";
    }
    return atLeast.compareTo(NEAR) < 0
        ? ", not in less than " + number(atLeast, unit(atLeast))
        : ", not before " + clock(atLeast, now, zone);
  }

  private static String range(Range range, Instant now, ZoneId zone) {
    if (range.high().compareTo(NEAR) < 0) {
      return "in " + near(range);
    }
    String low = clock(range.low(), now, zone);
    String high = clock(range.high(), now, zone);
    return low.equals(high) ? "at about " + low : low + " to " + high;
  }

  private enum Unit {
    SECONDS(1, "s"),
    MINUTES(60, "min"),
    HOURS(3_600, "h"),
    DAYS(86_400, "d");

    private final long seconds;
    private final String shown;

    Unit(long seconds, String shown) {
      this.seconds = seconds;
      this.shown = shown;
    }
  }

  /** Such that there are at least two of it. */
  private static Unit unit(Duration duration) {
    Unit fits = Unit.SECONDS;
    for (Unit unit : Unit.values()) {
      if (duration.toSeconds() >= 2 * unit.seconds) {
        fits = unit;
      }
    }
    return fits;
  }

  private static String number(Duration duration, Unit unit) {
    return duration.toSeconds() / unit.seconds + " " + unit.shown;
  }

  private static Duration up(Duration duration, Unit unit) {
    return Duration.ofSeconds(
        (duration.toMillis() + unit.seconds * 1_000 - 1) / (unit.seconds * 1_000) * unit.seconds);
  }

  /** "3 to 8 min", "50 s to 2 min", "about 3 min". */
  private static String near(Range range) {
    Unit low = unit(range.low());
    Unit high = unit(range.high());
    Duration end = up(range.high(), high);
    if (low == high) {
      long from = range.low().toSeconds() / low.seconds;
      return from == end.toSeconds() / high.seconds
          ? "about " + number(end, high)
          : from + " to " + number(end, high);
    }
    return number(range.low(), low) + " to " + number(end, high);
  }

  private static String brief(Range range) {
    Duration end = up(range.high(), unit(range.high()));
    String low = brief(range.low());
    String high = brief(end);
    return low.equals(high) ? low : low + " to " + high;
  }

  private static String brief(Duration duration) {
    Unit unit = unit(duration);
    return duration.toSeconds() / unit.seconds + unit.shown.substring(0, 1);
  }

  private static String clock(Duration in, Instant now, ZoneId zone) {
    ZonedDateTime from = now.atZone(zone);
    ZonedDateTime at = from.plus(in);
    String pattern =
        at.toLocalDate().equals(from.toLocalDate())
            ? "HH:mm"
            : in.compareTo(WEEK) < 0 ? "EEE HH:mm" : "yyyy-MM-dd HH:mm";
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(at);
  }
}
