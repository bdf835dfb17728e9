package dev.piecework.cli.queue;

import dev.piecework.Keep;
import dev.piecework.QueueState;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Ends;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.results.OpenIds;
import dev.piecework.cli.results.PartitionedResults;
import dev.piecework.cli.results.PrintedResults;
import dev.piecework.cli.results.Pump;
import dev.piecework.cli.results.ResultSink;
import dev.piecework.cli.results.ResultsFile;
import dev.piecework.cli.results.ResultsPump;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    footer = {
      "",
      "Printing changes nothing. With --to, Redis may forget what is safe in the file, and the same",
      "call again continues the file: nothing comes twice.",
      "",
      "Example:",
      "  piecework results job2 -o csv",
      "  piecework results job2 --follow --to out.jsonl"
    })
public final class ResultsVerb extends QueueVerb {

  enum Format {
    JSONL,
    JSON,
    CSV,
    RAW
  }

  private static final Duration PAUSE = Duration.ofMillis(200);

  @Option(
      names = {"-o", "--output"},
      paramLabel = "jsonl|csv|raw",
      description =
          "jsonl (default): an object per line. csv: with a header. Both have what is dead at the end."
              + " raw: the results alone, and a newline where one does not end with it.")
  Format format = Format.JSONL;

  @Option(names = "--follow", description = "Go on until the queue is drained.")
  boolean follow;

  @Option(
      names = "--in-order",
      description =
          "By id, as counted, and then what is dead. With partitions by ids that are numbers and"
              + " that the fill gave.")
  boolean inOrder;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description =
          "Write JSON lines to FILE, or CSV to FILE.csv, or continue it; Redis may then forget them.")
  @Nullable Path to;

  @Override
  ExitCode run(Terminal terminal, WorkQueue open) throws Exception {
    if (to != null && format != Format.JSONL && format != Format.JSON) {
      throw Refusal.usage("--to writes JSON lines; leave out -o " + word());
    }
    if (inOrder && (follow || to != null)) {
      PartitionsOption.refuse(
          open, "--in-order with --follow or --to", "leave that out, and print when it is drained");
    }
    if (open.settings().keep() == Keep.COUNTS && open.run().isPresent()) {
      terminal.say("queue '" + queue + "' keeps no results (keep=counts)");
    }
    String run = open.run().orElse("");
    try (ResultSink sink = sink(terminal, run)) {
      return take(terminal, open, sink);
    } catch (Refusal cannotWrite) {
      throw cannotWrite.code() == ExitCode.CANNOT_WRITE && to != null
          ? new Refusal(
              ExitCode.CANNOT_WRITE,
              cannotWrite.getMessage() + "; make room, and the same call again continues it",
              cannotWrite)
          : cannotWrite;
    }
  }

  private ExitCode take(Terminal terminal, WorkQueue open, ResultSink sink)
      throws IOException, InterruptedException {
    ExitCode code = takeInOrderOrNot(terminal, open, sink);
    // Of a file those only that nobody tries again: it is continued.
    if (to == null || open.state() instanceof QueueState.Drained) {
      sink.takeDead(open);
    }
    if (sink instanceof PrintedResults printed && printed.rows() == 0) {
      sayWhereTheyWent(terminal, open);
    }
    if (sink instanceof ResultsFile file) {
      terminal.say(
          Figures.count(file.written(), "result")
              + " written to "
              + file.path()
              + (file.again() == 0
                  ? ""
                  : ", " + Figures.number(file.again()) + " came again and were left out"));
    }
    return code;
  }

  private void sayWhereTheyWent(Terminal terminal, WorkQueue open) {
    Optional<String> place = open.admin().note(ResultsFile.NOTE);
    if (place.isPresent() && open.admin().status().counts().done() > 0) {
      terminal.say(
          place.get().isEmpty()
              ? "the results of queue '" + queue + "' were printed by the run that made them"
              : "the results of queue '" + queue + "' went to " + Printable.line(place.get(), 300));
    }
  }

  private ExitCode takeInOrderOrNot(Terminal terminal, WorkQueue open, ResultSink sink)
      throws IOException, InterruptedException {
    boolean forget = to != null;
    if (!inOrder) {
      return pump(open, Pump.of(open, sink, forget, terminal::say));
    }
    if (open.admin().partitions().size() == 1) {
      long first = OpenIds.lowest(open);
      return pump(open, new ResultsPump(open, sink, first, forget, terminal::say));
    }
    PartitionedResults.inOrder(open, sink);
    return ExitCode.DONE;
  }

  private ResultSink sink(Terminal terminal, String run) throws IOException {
    if (to != null) {
      return ResultsFile.open(to, true, run, terminal);
    }
    return new PrintedResults(
        terminal,
        switch (format) {
          case JSONL, JSON -> PrintedResults.Form.JSONL;
          case CSV -> PrintedResults.Form.CSV;
          case RAW -> PrintedResults.Form.LINES;
        },
        run);
  }

  private ExitCode pump(WorkQueue open, Pump pump) throws IOException, InterruptedException {
    while (follow) {
      // Asked before the results are read: what was committed until then is among them.
      QueueState state = open.state();
      boolean more = pump.take() > 0;
      ExitCode end = Ends.of(state);
      if (end != null) {
        pump.takeAll();
        return end == ExitCode.RUN_LOST ? end : ExitCode.DONE;
      }
      if (!more) {
        QueueState _ = open.awaitEnd(PAUSE);
      }
    }
    pump.takeAll();
    return ExitCode.DONE;
  }

  private String word() {
    return format.name().toLowerCase(Locale.ROOT);
  }
}
