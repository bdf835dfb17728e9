package dev.piecework.cli.followup;

import dev.piecework.cli.results.ResultsFile;
import dev.piecework.cli.verb.Refusal;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is done once when all is drained. */
public final class ThenOption {

  @Option(
      names = "--then",
      paramLabel = "TEXT",
      description =
          "When the queue is drained run TEXT with sh -c, once, by one of the workers that were given"
              + " it: results are JSON lines on its stdin, counts are in its environment. Exits 6"
              + " when it fails. Default: nothing.")
  public @Nullable String text;

  /**
   * Refuses what is no command.
   *
   * @param results the file that has the results, or null
   */
  public void check(@Nullable Path results) {
    if (text == null) {
      return;
    }
    if (text.isBlank()) {
      throw Refusal.usage("--then '': there is nothing to run");
    }
    if (results != null && ResultsFile.isCsv(results)) {
      throw Refusal.usage(
          "--then is given JSON lines: --results FILE.jsonl instead of " + results.getFileName());
    }
    if (results != null && !ResultsFile.mayHaveFolder(results)) {
      throw Refusal.usage("--then reads the results again: --results needs a file, not " + results);
    }
  }
}
