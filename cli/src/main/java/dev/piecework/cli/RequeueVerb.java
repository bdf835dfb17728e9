package dev.piecework.cli;

import dev.piecework.WorkQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(footer = {"", "Example:", "  piecework requeue job2 --error \"timed out\""})
final class RequeueVerb extends QueueVerb {

  @Mixin WhichDead which = new WhichDead();
  @Mixin OutputOption output = new OutputOption();

  @Override
  ExitCode run(Terminal terminal, WorkQueue open) {
    var chosen = which.chosen();
    long moved = open.requeue(chosen);
    which.requireFound(moved, queue);
    output.print(
        terminal,
        json -> {
          json.writeStringProperty("queue", queue);
          json.writeNumberProperty("requeued", moved);
        },
        () -> Figures.count(moved, "dead item") + " back to waiting");
    return ExitCode.DONE;
  }
}
