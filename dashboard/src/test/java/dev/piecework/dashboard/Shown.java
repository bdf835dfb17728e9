package dev.piecework.dashboard;

import java.util.Locale;

/** Numbers as the page shows them. */
final class Shown {

  private Shown() {}

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
