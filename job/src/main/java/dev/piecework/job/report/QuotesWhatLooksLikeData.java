package dev.piecework.job.report;

import java.util.regex.Pattern;
import tools.jackson.dataformat.yaml.util.StringQuotingChecker;

/**
 * Puts quotes around strings that a reader of YAML 1.1 may take for something else: besides words
 * like {@code yes}, all that begins as a number does, for it may be a time or a sexagesimal.
 */
final class QuotesWhatLooksLikeData extends StringQuotingChecker.Default {
  private static final long serialVersionUID = 1;
  private static final Pattern BEGINS_AS_NUMBER = Pattern.compile("[-+.]?[0-9].*", Pattern.DOTALL);

  @Override
  public boolean needToQuoteValue(String value) {
    return BEGINS_AS_NUMBER.matcher(value).matches() || super.needToQuoteValue(value);
  }
}
