package dev.piecework.cli.input;

import dev.piecework.cli.verb.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which records of an input become items, and what of a line belongs to its item. */
public final class LineOptions {

  @Option(
      names = "--keep-blank",
      description =
          "Lines that are empty or white space are items; default: they are skipped and counted.")
  boolean keepBlank;

  @Option(
      names = "--keep-cr",
      description =
          "The CR of a line's end belongs to the item; default: it is taken off where the first"
              + " line ends in CR LF, and that is said.")
  boolean keepReturn;

  @Option(
      names = "--skip",
      paramLabel = "N",
      description = "Leave out the first N records; default 0.")
  long skip;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description =
          "Read no more than N records, after those of --skip; default: to the end of the input.")
  @Nullable Long limit;

  /** What was asked for. */
  LineRules rules() {
    return new LineRules(keepBlank, keepReturn, skip, limit == null ? Long.MAX_VALUE : limit);
  }

  void check(RecordReader.Format format) {
    if (keepBlank && format != RecordReader.Format.LINES) {
      throw goesWithLines("--keep-blank", format);
    }
    if (keepReturn && format != RecordReader.Format.LINES) {
      throw goesWithLines("--keep-cr", format);
    }
    if (skip < 0) {
      throw Refusal.usage("--skip " + skip + ": a number of records, from 0 on");
    }
    if (limit != null && limit < 1) {
      throw Refusal.usage("--limit " + limit + ": a number of records, from 1 on");
    }
  }

  private static Refusal goesWithLines(String option, RecordReader.Format format) {
    return Refusal.usage(
        option + " goes with --format lines: " + format.word() + " has no such lines");
  }
}
