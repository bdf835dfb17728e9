package dev.piecework.traces;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The few kinds of failures that {@code error.type} tells apart. */
final class ErrorType {

  /** What the conventions have for all that is not known beforehand. */
  static final String OTHER = "_OTHER";

  private static final Pattern EXIT_CODE = Pattern.compile("\\bexit code (\\d+)");

  private static final Pattern TIMEOUT =
      Pattern.compile("timeout: .*|the handler took longer than .*");

  /** As the text of an exception begins. */
  private static final Pattern EXCEPTION =
      Pattern.compile("((?:[\\p{Alnum}_$]+\\.)*[\\p{Alnum}_$]*(?:Exception|Error))(?::.*)?");

  private ErrorType() {}

  /**
   * Of the reason of a failed attempt: its exit code, its exception's class, or that it is none.
   */
  static String of(String reason) {
    String first = firstLine(reason);
    if (TIMEOUT.matcher(first).matches()) {
      return "timeout";
    }
    Matcher exception = EXCEPTION.matcher(first);
    if (exception.matches()) {
      return exception.group(1);
    }
    Matcher exit = EXIT_CODE.matcher(first);
    return exit.find() ? "exit code " + exit.group(1) : OTHER;
  }

  static String firstLine(String reason) {
    String line = reason.lines().findFirst().orElse("");
    return line.substring(0, Math.min(line.length(), 300));
  }
}
