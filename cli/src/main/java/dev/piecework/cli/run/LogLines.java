package dev.piecework.cli.run;

import java.util.Locale;

/** For whom the lines are that a worker writes on stderr. */
public enum LogLines {
  /** For people. */
  TEXT,
  /** For machines: a JSON object each. */
  JSON;

  /** As the option has it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
