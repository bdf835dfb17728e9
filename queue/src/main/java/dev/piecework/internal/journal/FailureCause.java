package dev.piecework.internal.journal;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What failed attempts of one cause have in common: their message without what differs from item to
 * item, each such part replaced by one letter.
 */
public final class FailureCause {

  static final int LONGEST = 160;

  /** Looked at, of messages that may have many KiB. */
  private static final int LOOKED_AT = 8_192;

  private static final int LONGEST_LINE = 1_000;

  /**
   * What a message of ours begins with: it says what kind of end it was, and stays. In lines of its
   * own what the command said follows.
   */
  private static final Pattern OURS =
      Pattern.compile(
          "exit code \\d+(?: \\(SIG\\w+\\))?|timeout: (?:not done within|the child) .*");

  private static final String PYTHON_TRACE = "Traceback (most recent call last)";

  private record Part(Pattern pattern, String letter) {}

  // In this order: a number in a path is part of the path.
  private static final List<Part> PARTS =
      List.of(
          part("\"[^\"]*\"|`[^`']*[`']|(?<![\\p{L}\\d])'[^']*'(?![\\p{L}\\d])", "Q"),
          part("\\b[a-zA-Z][a-zA-Z0-9+.-]*://\\S+", "P"),
          part("(?<![\\p{L}\\d])(?:[A-Za-z]:)?[~.]{0,2}/[^\\s:;,)\\]}>\"']*", "P"),
          part("\\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b", "U"),
          part(
              "\\b\\d{4}-\\d\\d-\\d\\d(?:[T ]\\d\\d:\\d\\d(?::\\d\\d(?:[.,]\\d+)?)?(?:Z|[+-]\\d\\d:?\\d\\d)?)?",
              "T"),
          part("\\b\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?\\b", "T"),
          part("\\b\\d{1,3}(?:\\.\\d{1,3}){3}(?::\\d+)?\\b", "A"),
          part("\\[?(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{0,4}\\]?(?::\\d+)?", "A"),
          part("\\b[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+\\b", "A"),
          part(
              "\\b0[xX][0-9a-fA-F]+\\b|@[0-9a-f]{5,}\\b|\\b(?=[a-fA-F]*\\d)[0-9a-fA-F]{8,}\\b",
              "H"),
          part("(?<![\\p{L}_\\d])[-+]?\\d+(?:[.,]\\d+)*(?:[eE][-+]?\\d+)?", "N"),
          part("\\d+", "N"));

  private FailureCause() {}

  private static Part part(String pattern, String letter) {
    return new Part(Pattern.compile(pattern), letter);
  }

  /** The cause that this message names: one line of at most 160 characters, never empty. */
  public static String of(String message) {
    String text = message.substring(0, Math.min(message.length(), LOOKED_AT));
    List<String> lines = text.lines().filter(line -> !line.isBlank()).map(String::strip).toList();
    if (lines.isEmpty()) {
      return "no reason given";
    }
    String first = lines.getFirst();
    Matcher ours = OURS.matcher(first);
    String cause;
    if (!ours.lookingAt()) {
      cause = withoutParts(telling(lines));
    } else if (lines.size() == 1) {
      // A handler's own message may begin as ours do.
      cause = ours.group() + withoutParts(first.substring(ours.end()));
    } else {
      // The exit code stays; of a timeout only that it is one.
      String kind =
          first.startsWith("timeout")
              ? "timeout"
              : ours.group() + withoutParts(first.substring(ours.end()));
      cause = kind + ", " + withoutParts(telling(lines.subList(1, lines.size())));
    }
    cause = cause.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return cause.substring(0, Math.min(cause.length(), LONGEST));
  }

  // The first line; of Python, which says at the end what is wrong, the last one.
  private static String telling(List<String> lines) {
    return lines.getFirst().startsWith(PYTHON_TRACE) ? lines.getLast() : lines.getFirst();
  }

  private static String withoutParts(String line) {
    String text = line.substring(0, Math.min(line.length(), LONGEST_LINE));
    for (Part part : PARTS) {
      text = part.pattern.matcher(text).replaceAll(part.letter);
    }
    return text;
  }
}
