package dev.piecework.cli.run;

import dev.piecework.cli.input.RecordFormat;
import dev.piecework.cli.kept.CommandRecords;
import dev.piecework.cli.results.ResultsFile;
import dev.piecework.cli.results.ResultsPump;
import dev.piecework.cli.throttle.SlotsFile;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a run on this machine is asked for.
 *
 * @param verbose whether an error of ours is shown with its stack trace
 */
record RunRequest(
    Name name, RecordFormat input, Workers workers, Results results, boolean verbose) {

  /**
   * The queue.
   *
   * @param chosen whether a person named it, and so can name it again
   * @param resume whether a run of that name was to be continued, even where there is none
   */
  record Name(String queue, boolean chosen, boolean resume) {}

  /**
   * Who works, and for how long.
   *
   * @param grace how long what runs may take to end when all is told to stop
   * @param slotsFile that says how many slots there are while it runs
   * @param timeLimit for the whole run; null for none
   */
  record Workers(int slots, SlotsFile slotsFile, Duration grace, @Nullable Duration timeLimit) {}

  /**
   * Where results go.
   *
   * @param file null for standard output
   * @param lines whether a result is a line of what was printed, and gets its newline back
   * @param records what is kept or passed on of the commands beside them
   * @param then whether a command follows that is given them
   */
  record Results(
      ResultsFile.@Nullable Claim file,
      boolean inOrder,
      boolean lines,
      CommandRecords records,
      boolean then) {

    /** What becomes in Redis of what was written or printed. */
    ResultsPump.Passed passed() {
      return then && file == null ? ResultsPump.Passed.NOTED : ResultsPump.Passed.FORGOTTEN;
    }
  }

  /** What there was of the run before. */
  enum Begin {
    /** Nothing, or what was there was dropped. */
    ANEW,
    /** A run that was not finished. */
    CONTINUED,
    /** A run that was drained; at most its results are to be taken. */
    DRAINED
  }
}
