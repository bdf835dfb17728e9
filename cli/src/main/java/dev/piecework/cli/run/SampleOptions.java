package dev.piecework.cli.run;

import dev.piecework.WorkQueue;
import dev.piecework.cli.input.InputOptions;
import dev.piecework.cli.input.RecordFormat;
import dev.piecework.cli.input.SampleSize;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether a part of the items is done first, to tell how long the others take. */
final class SampleOptions {

  /** With the run: of which size its sample is, for the order in which an input is read again. */
  static final String NOTE = "sample";

  @Option(
      names = "--sample",
      paramLabel = "N|P%",
      description =
          "Do a random sample of so many items first, print when the others would end, and ask."
              + " Without a terminal it ends there, with exit code 0; --resume goes on. The whole"
              + " input is held in memory.")
  @Nullable String size;

  @Option(names = "--yes", description = "With --sample: go on without asking.")
  boolean yes;

  /** The one that was given, or null. */
  @Nullable String firstGiven() {
    return size != null ? "--sample" : yes ? "--yes" : null;
  }

  void check(boolean resume, boolean inOrder) {
    if (size == null && yes) {
      throw Refusal.usage("--yes goes with --sample");
    }
    if (size == null) {
      return;
    }
    SampleSize _ = new SampleSize(size);
    if (resume) {
      throw Refusal.usage(
          "--sample is how a run begins, and --resume goes on without asking: leave out one of"
              + " them");
    }
    if (inOrder) {
      throw Refusal.usage(
          "--in-order goes by counted ids, which --sample counts in its order: leave out one of"
              + " them");
    }
  }

  /** The input in the order of this run: of one that is resumed, that in which it was begun. */
  RecordFormat records(InputOptions input, WorkQueue queue, RunRequest.Begin begin) {
    String given = begin == RunRequest.Begin.ANEW ? size : queue.admin().note(NOTE).orElse(null);
    return given == null ? input.records() : input.records(new SampleSize(given));
  }

  /** Null where there is none to be done first. */
  @Nullable Sampling sampling(Terminal terminal, WorkQueue queue, int slots) {
    String given = size;
    return given == null
        ? null
        : new Sampling(terminal, queue, slots, yes ? Sampling.Asks.NOBODY : Sampling.Asks.PERSON);
  }
}
