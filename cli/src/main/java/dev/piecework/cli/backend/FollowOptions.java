package dev.piecework.cli.backend;

import dev.piecework.cli.results.ResultsFile;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How workers elsewhere are followed. */
public final class FollowOptions {

  @Option(
      names = "--results",
      paramLabel = "FILE",
      description =
          "Fetch the results while they come, as JSON lines; Redis may then forget them. The same"
              + " call again continues the file.")
  @Nullable Path results;

  @Option(
      names = "--time-limit",
      paramLabel = "1h",
      description = "How long to follow; the Job goes on after it.")
  @Nullable Duration timeLimit;

  @Option(names = "--logs", description = "Show what the pods print, each line with its pod.")
  boolean logs;

  @Option(
      names = "--delete-on-exit",
      description =
          "When following ends, however it ends, delete all that submit made, Redis included. What"
              + " fails before that leaves it, for the same submit again.")
  boolean deleteOnExit;

  public Follower.Request request() {
    return request(null);
  }

  /**
   * The same.
   *
   * @param deadline by which the number of workers is chosen; null when it stays
   */
  public Follower.Request request(@Nullable DeadlineRule deadline) {
    return new Follower.Request(results, timeLimit, logs, deleteOnExit, deadline);
  }

  public void check() {
    if (results != null) {
      ResultsFile.check(results);
    }
  }
}
