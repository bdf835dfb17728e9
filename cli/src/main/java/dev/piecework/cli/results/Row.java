package dev.piecework.cli.results;

import dev.piecework.ItemView;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the last attempt at an item ended, for its row.
 *
 * @param exitCode null where there was none: a Java handler, a timeout, or it is not known
 * @param signal that ended the command, 0 for none, null where that is not known
 * @param stderr the end of what the command wrote there; null where that is not known
 * @param error why an item is dead, without what its command wrote; null of what is done
 */
record Row(
    @Nullable Integer exitCode,
    @Nullable Integer signal,
    @Nullable String stderr,
    @Nullable String error) {

  /** As a worker says it of a command; the name of a signal is where the code is that of one. */
  private static final Pattern EXIT = Pattern.compile("exit code (\\d{1,3})( \\(SIG\\w+\\))?");

  /** Of a command that was ended by us. */
  private static final String TIMEOUT = "timeout: ";

  /** Of what is done. */
  static Row done(AttemptFacts.@Nullable Fact fact) {
    return new Row(0, 0, fact == null ? null : fact.stderr(), null);
  }

  /** Of what is dead; what is kept of it is a text: why, and below what its command wrote. */
  static Row dead(ItemView item, AttemptFacts.@Nullable Fact fact) {
    String kept = item.error() == null ? "" : item.error();
    String first = kept.lines().findFirst().orElse("");
    Matcher exit = EXIT.matcher(first);
    boolean ofCommand = exit.matches() || first.startsWith(TIMEOUT);
    String rest = ofCommand ? kept.substring(Math.min(kept.length(), first.length() + 1)) : null;
    if (fact != null) {
      return new Row(fact.exitCode(), fact.signal(), fact.stderr(), ofCommand ? first : kept);
    }
    if (!exit.matches()) {
      return new Row(null, null, rest, ofCommand ? first : kept);
    }
    int code = Integer.parseInt(exit.group(1));
    return new Row(code, exit.group(2) == null ? 0 : code - 128, rest, first);
  }

  /** As it is in a file of rows; empty for null. */
  static String cell(@Nullable Object value) {
    return Optional.ofNullable(value).map(Object::toString).orElse("");
  }
}
