package dev.piecework.cli.queue;

import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.output.StatusText;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(footer = {"", "Example:", "  piecework purge job2 --yes"})
public final class PurgeVerb extends QueueVerb {

  @Option(names = "--yes", description = "Yes, remove it all.")
  boolean yes;

  @Mixin OutputOption output = new OutputOption();

  @Override
  ExitCode run(Terminal terminal, WorkQueue open) {
    if (!yes) {
      var counts = open.admin().status().counts();
      throw Refusal.usage(
          "this would remove queue "
              + queue
              + " for good ("
              + StatusText.counts(counts)
              + "), its results and its history; say --yes");
    }
    long removed = open.admin().purge();
    output.print(
        terminal,
        json -> {
          json.writeStringProperty("queue", queue);
          json.writeNumberProperty("removed", removed);
        },
        () -> queue + " is gone, with " + Figures.count(removed, "item"));
    return ExitCode.DONE;
  }
}
