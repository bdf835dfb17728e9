package dev.piecework.cli.kept;

import dev.piecework.cli.results.ResultsFile;
import dev.piecework.cli.verb.OptionWords;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What becomes of what commands print, and what is kept of each, beside the results. */
public final class KeepOptions {

  @Option(
      names = "--tag",
      negatable = true,
      description =
          "Put the item before each line that its command prints or writes to stderr. Default: none;"
              + " of run, before lines of stderr where that is a terminal and several slots run.")
  @Nullable Boolean tag;

  @Option(
      names = "--tag-format",
      paramLabel = "TEXT",
      description = "Put TEXT there, with the places of arguments ({id}, {slot}); default: {}.")
  @Nullable String tagFormat;

  @Option(
      names = "--live",
      description =
          "Pass on what commands print line by line as it comes; results are kept as ever, but not"
              + " printed again. Default: each result whole when its command has ended.")
  boolean live;

  @Option(
      names = "--quiet-stderr",
      description =
          "Do not pass on what commands write to stderr; its end is kept with what fails. Default:"
              + " it is passed on.")
  boolean quietStderr;

  @Option(
      names = "--joblog",
      paramLabel = "FILE",
      description =
          "Append a line for each attempt to FILE, in the columns of GNU parallel's job log; a run"
              + " that is not resumed begins it anew. Default: none.")
  @Nullable Path joblog;

  @Option(
      names = "--output-dir",
      paramLabel = "DIR",
      description =
          "Write what the last attempt of each item printed to DIR/ID/stdout and stderr, and how it"
              + " ended to meta.json there. Default: none.")
  @Nullable Path outputDir;

  @Mixin public PlaceOptions places = new PlaceOptions();

  /** What a tag looks like that was asked for. */
  @Nullable Tag tag() {
    boolean asked = tag == null ? tagFormat != null : tag;
    return asked ? tagOrItem() : null;
  }

  Tag tagOrItem() {
    return new Tag(tagFormat == null ? "{}" : tagFormat);
  }

  /** The options again, as words for another {@code piecework}. */
  public void addTo(OptionWords words) {
    words.flag("--tag", Boolean.TRUE.equals(tag));
    words.flag("--no-tag", Boolean.FALSE.equals(tag));
    words.add("--tag-format", tagFormat);
    words.flag("--live", live);
    words.flag("--quiet-stderr", quietStderr);
    words.add("--joblog", joblog);
    words.add("--output-dir", outputDir);
    places.addTo(words);
  }

  /**
   * Says what does not go together.
   *
   * @param several whether one command is for several items: a batch, a child
   */
  public void check(boolean several, boolean child) {
    if (tagFormat != null && (tagFormat.isEmpty() || Boolean.FALSE.equals(tag))) {
      throw Refusal.usage(
          tagFormat.isEmpty() ? "--tag-format '' says nothing" : "--tag-format is a --tag");
    }
    if (several && tag() != null) {
      throw Refusal.usage(
          "--tag says whose a line is: with --batch and --child a command has several items");
    }
    if (child && live) {
      throw Refusal.usage("--live passes on what a command prints, and a child prints answers");
    }
    if (child && joblog != null) {
      throw Refusal.usage("--joblog is about commands that end, and a child is for many items");
    }
    if (several && outputDir != null) {
      throw Refusal.usage(
          "--output-dir has a folder for each item: with --batch and --child a command has several"
              + " items");
    }
    places.check(several, child);
    if (joblog != null) {
      ResultsFile.check("joblog", joblog);
    }
    if (outputDir != null) {
      OutputFolder.check(outputDir);
    }
  }

  /**
   * Says what does not go together where results are printed.
   *
   * @param printed whether they are, and not written to a file
   */
  public void checkResults(boolean printed, boolean inOrder) {
    if (printed && live && inOrder) {
      throw Refusal.usage(
          "--live prints lines as they come, --in-order by the input: leave out one of them, or"
              + " write results to a file with --results");
    }
    if (printed && !live && tagFormat != null && tagFormat.contains("{slot}")) {
      throw Refusal.usage(
          "--tag-format with {slot}: which slot has made a result is not kept with it; use --live,"
              + " or --results FILE");
    }
  }

  /** Says what has no place beside facts for programs. */
  public void checkFacts(boolean json) {
    if (json && (live || tag() != null)) {
      throw Refusal.usage((live ? "--live" : "--tag") + " is for people, -o json for programs");
    }
  }

  /** Which of these was given, if any. */
  public @Nullable String firstGiven() {
    String kept =
        joblog != null ? "--joblog" : outputDir != null ? "--output-dir" : places.firstGiven();
    return tag() != null ? "--tag" : live ? "--live" : quietStderr ? "--quiet-stderr" : kept;
  }

  /**
   * Has the files that were asked for, in which nothing is changed before they are begun.
   *
   * @param tagStderr whether lines of stderr are tagged though that was not asked for
   */
  public CommandRecords open(Terminal terminal, String queue, boolean tagStderr)
      throws IOException {
    CommandRecords records = new CommandRecords(terminal, this, tagStderr && tag == null);
    records.claim(this, queue);
    return records;
  }
}
