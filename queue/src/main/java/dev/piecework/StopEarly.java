package dev.piecework;

import java.math.BigDecimal;
import java.util.Locale;

/**
 * When a run is paused for all its workers, since to go on would be in vain; {@link
 * Setting#STOP_EARLY}.
 */
public sealed interface StopEarly {

  /** Never. */
  static StopEarly off() {
    return new Off();
  }

  /**
   * When everything fails for one cause: at least 30 attempts on at least 20 different items
   * failed, at least 95 % of them for the same cause, and nothing was done.
   */
  static StopEarly auto() {
    return new Auto();
  }

  /** Never. */
  record Off() implements StopEarly {}

  /** When everything fails for one cause. */
  record Auto() implements StopEarly {}

  /**
   * When more items than this are dead.
   *
   * @param most how many are borne
   */
  record DeadItems(long most) implements StopEarly {
    public DeadItems {
      if (most < 0) {
        throw new IllegalArgumentException("most is not negative, not " + most);
      }
    }
  }

  /**
   * When more than this part of all items is dead. As long as a source is open not all are known:
   * then of {@link #KNOWN_WHILE_OPEN} at least.
   *
   * @param percent how many of a hundred are borne
   */
  record DeadShare(double percent) implements StopEarly {

    /** Of so many items the share is taken at least, as long as there may be more of them. */
    public static final long KNOWN_WHILE_OPEN = 1_000;

    public DeadShare {
      if (!(percent >= 0 && percent <= 100)) {
        throw new IllegalArgumentException("percent is from 0 to 100, not " + percent);
      }
    }
  }

  /**
   * Reads {@code auto}, {@code off}, {@code 100} or {@code 2.5%}.
   *
   * @throws IllegalArgumentException saying what is wrong with which text
   */
  static StopEarly parse(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    if (word.equals("off")) {
      return off();
    }
    if (word.equals("auto")) {
      return auto();
    }
    if (text.matches("\\d{1,12}")) {
      return new DeadItems(Long.parseLong(text));
    }
    if (text.matches("\\d{1,3}(\\.\\d{1,6})?%")) {
      double percent = Double.parseDouble(text.substring(0, text.length() - 1));
      if (percent <= 100) {
        return new DeadShare(percent);
      }
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' is neither auto nor off, nor a number of dead items (100) or a share of all from 0%"
            + " to 100%");
  }

  /** As {@link #parse} reads it. */
  default String text() {
    return switch (this) {
      case Off off -> "off";
      case Auto auto -> "auto";
      case DeadItems dead -> Long.toString(dead.most());
      case DeadShare share ->
          BigDecimal.valueOf(share.percent()).stripTrailingZeros().toPlainString() + "%";
    };
  }
}
